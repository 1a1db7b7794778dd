import { createWriteStream } from 'node:fs';

/** Writes a history line by line, so that a killed client loses little more than its last moment. */
export interface HistoryWriter {
  write(entry: object): void;
  /** Resolves when all of it is in the file; rejects if any of it is not. */
  close(): Promise<void>;
}

export function createHistoryWriter(path: string | null): HistoryWriter {
  if (path === null) return { write: () => undefined, close: () => Promise.resolve() };
  const stream = createWriteStream(path);
  const written = new Promise<void>((resolve, reject) => {
    stream.on('error', reject);
    stream.on('finish', resolve);
  });
  // A full disk shows at close(); until then it must not count as an unhandled rejection.
  written.catch(() => undefined);
  return {
    write(entry) {
      stream.write(`${JSON.stringify(entry)}\n`);
    },
    close() {
      stream.end();
      return written;
    },
  };
}
