/** Where backups are kept: beside everything else of this Surefoot, or by a service that its configuration names. */
import { join } from 'node:path';
import type { S3Place } from '../../core/backup/s3-place.ts';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { folderBlobs } from '../../platform/folder-blobs.ts';
import { s3Blobs } from '../../platform/s3-blobs.ts';
import type { HostEnvironment } from './configured-keys.ts';
import { s3CredentialsOf } from './s3-credentials.ts';

export interface StoreAccess {
  readonly stateDirectory: string;
  /** Surefoot's own environment: it holds the credentials. */
  readonly host: HostEnvironment;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/** Throws `backup-store-refused` for credentials that are none. */
export function keptStore(place: S3Place | null, access: StoreAccess): BlobStore {
  const { stateDirectory, host, ...rest } = access;
  if (place === null) return folderBlobs(join(stateDirectory, 'backups'));
  return s3Blobs(place, { credentials: s3CredentialsOf(host), ...rest });
}
