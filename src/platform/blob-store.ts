/** Where large content is kept under a path: a folder, or a service for objects. */

export interface BlobStore {
  /** Resolves when it survives a crash. Until then nobody sees it; one that is there already is replaced as a whole. */
  put(path: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Throws `backup-missing` when there is none. */
  get(path: string): AsyncIterable<Buffer>;
  /** Paths of all that begin so, in the order of their names. */
  list(prefix: string): Promise<readonly string[]>;
  /** No error where there is none. */
  remove(path: string): Promise<void>;
  /** What a put of it has left that was killed; while nobody else puts it. */
  clear(path: string): Promise<void>;
}
