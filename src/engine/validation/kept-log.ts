/** What a program prints, line by line: kept in a file with secrets masked, and told. */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { masksSecrets } from '../../config/mask-secrets.ts';

export interface KeptLog {
  /** Also where no more fits into the file. */
  readonly write: (line: string) => void;
  readonly close: () => Promise<void>;
}

/** What is printed without end must not fill the disk. */
const BYTES_MAX = 64 * 1024 * 1024;

export function openKeptLog(
  path: string,
  {
    secretValues,
    onLine,
  }: { readonly secretValues: readonly string[]; readonly onLine: (line: string) => void },
): KeptLog {
  const file = createWriteStream(path, { mode: 0o600 });
  // A full disk is told when it is closed, and ends nobody's process meanwhile.
  file.on('error', () => undefined);
  const mask = masksSecrets(secretValues);
  return {
    write(line) {
      const masked = mask(line);
      if (file.bytesWritten + file.writableLength < BYTES_MAX) file.write(`${masked}\n`);
      onLine(masked);
    },
    async close() {
      file.end();
      await finished(file);
    },
  };
}
