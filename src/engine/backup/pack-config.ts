/** A driver's configuration as a table of texts: it may be secret, and is kept where the environments of releases are. */
import { backupProbeSchema, type BackupProbe } from '../../core/backup/backup-probe.ts';
import { s3PlaceSchema, type S3Place } from '../../core/backup/s3-place.ts';

type Packed = Readonly<Record<string, string>>;

export function packedConfig(config: unknown): Packed {
  return { config: JSON.stringify(config) };
}

export function unpackedConfig({ config = '{}' }: Packed): unknown {
  return JSON.parse(config) as unknown;
}

/** With where it is kept and what asks it: what the plan names by its digest goes there, and nowhere else. */
export function packedBackup({
  config,
  store,
  probe,
}: {
  readonly config: unknown;
  readonly store: S3Place | undefined;
  readonly probe?: BackupProbe | undefined;
}): Packed {
  return {
    ...packedConfig(config),
    ...(store && { store: JSON.stringify(store) }),
    ...(probe && { probe: JSON.stringify(probe) }),
  };
}

/** `place` null: in the state directory. */
export function unpackedBackup({ store, probe: asks, ...packed }: Packed): {
  readonly config: unknown;
  readonly place: S3Place | null;
  readonly probe: BackupProbe | null;
} {
  const place = store === undefined ? null : s3PlaceSchema.parse(JSON.parse(store));
  const probe = asks === undefined ? null : backupProbeSchema.parse(JSON.parse(asks));
  return { config: unpackedConfig(packed), place, probe };
}
