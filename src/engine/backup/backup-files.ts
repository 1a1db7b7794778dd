/** Where the parts of a backup lie in its store. It is there when its manifest is: that is written last. */

export interface BackupPlace {
  /** `production/newsroom/main`. */
  readonly source: string;
  readonly id: string;
}

export const MANIFEST = 'manifest.json';

export function contentPath({ source, id }: BackupPlace): string {
  return `${source}/${id}/content`;
}

export function manifestPath({ source, id }: BackupPlace): string {
  return `${source}/${id}/${MANIFEST}`;
}

/** Written behind each verification anew. */
export function verificationPath({ source, id }: BackupPlace): string {
  return `${source}/${id}/verification.json`;
}

/** The segments of its log lie below as backups of their own, and are none of its. */
export function logSource(source: string): string {
  return `${source}/log`;
}
