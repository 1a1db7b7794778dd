/** A driver's configuration as a table of texts: it may be secret, and is kept where the environments of releases are. */
import { s3PlaceSchema, type S3Place } from '../../core/backup/s3-place.ts';

type Packed = Readonly<Record<string, string>>;

export function packedConfig(config: unknown): Packed {
  return { config: JSON.stringify(config) };
}

export function unpackedConfig({ config = '{}' }: Packed): unknown {
  return JSON.parse(config) as unknown;
}

/** With where it is kept: what the plan names by its digest goes there, and nowhere else. */
export function packedBackup({
  config,
  store,
}: {
  readonly config: unknown;
  readonly store: S3Place | undefined;
}): Packed {
  return { ...packedConfig(config), ...(store && { store: JSON.stringify(store) }) };
}

/** `place` null: in the state directory. */
export function unpackedBackup({ store, ...packed }: Packed): {
  readonly config: unknown;
  readonly place: S3Place | null;
} {
  const place = store === undefined ? null : s3PlaceSchema.parse(JSON.parse(store));
  return { config: unpackedConfig(packed), place };
}
