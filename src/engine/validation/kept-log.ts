/** What a program prints, line by line: kept in a file with secrets masked, and told. */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { masksSecrets } from '../../config/mask-secrets.ts';
import { showSize } from '../../core/words/show-size.ts';

export interface KeptLog {
  /** Also where no more fits into the file. */
  readonly write: (line: string) => void;
  readonly close: () => Promise<void>;
}

/** What is printed without end must not fill the disk; the last line says that it did not. */
const BYTES_MAX = 64 * 1024 * 1024;

export interface KeptLogOptions {
  readonly secretValues: readonly string[];
  readonly onLine: (line: string) => void;
  readonly bytesMax?: number;
}

export function openKeptLog(
  path: string,
  { secretValues, onLine, bytesMax = BYTES_MAX }: KeptLogOptions,
): KeptLog {
  const file = createWriteStream(path, { mode: 0o600 });
  // A full disk is told when it is closed, and ends nobody's process meanwhile.
  file.on('error', () => undefined);
  const mask = masksSecrets(secretValues);
  let left = bytesMax;
  let isFull = false;
  const keep = (line: string): void => {
    if (isFull) return;
    const bytes = Buffer.byteLength(line) + 1;
    if (bytes > left) {
      isFull = true;
      file.write(`What came behind is not kept: a log may have ${showSize(bytesMax)}.\n`);
      return;
    }
    left -= bytes;
    file.write(`${line}\n`);
  };
  return {
    write(line) {
      const masked = mask(line);
      keep(masked);
      onLine(masked);
    },
    async close() {
      file.end();
      await finished(file);
    },
  };
}
