/** What is called how when a backup takes the place of what is live: the names alone say how far it has come. */
import { createHash } from 'node:crypto';

export interface SwitchNames {
  readonly live: string;
  /** What was restored, until it is live. */
  readonly restored: string;
  /** What was live before. */
  readonly kept: string;
  /** What was restored and live, when that was taken back. */
  readonly undone: string;
}

/** An id is part of names of files, and nothing that leads elsewhere. */
export function isSwitchable(id: string): boolean {
  return /^[a-zA-Z0-9][\w-]{0,99}$/.test(id);
}

/** Beside it, on the same disk. */
export function pathSwitchNames(live: string, id: string): SwitchNames {
  return {
    ...{ live, restored: `${live}-restored-${id}` },
    ...{ kept: `${live}-before-${id}`, undone: `${live}-undone-${id}` },
  };
}

/** PostgreSQL cuts longer ones off without a word, and two of them may become one. */
const DATABASE_BYTES_MAX = 63;
const DIGEST_CHARS = 16;

export function databaseSwitchNames(live: string, id: string): SwitchNames {
  const name = (what: string): string => {
    const whole = `${live}_${what}_${id}`;
    if (Buffer.byteLength(whole) <= DATABASE_BYTES_MAX) return whole;
    const digest = createHash('sha256').update(whole).digest('hex').slice(0, DIGEST_CHARS);
    const end = `_${what}_${digest}`;
    return `${cutTo(live, DATABASE_BYTES_MAX - end.length)}${end}`;
  };
  return { live, restored: name('restored'), kept: name('before'), undone: name('undone') };
}

function cutTo(text: string, bytes: number): string {
  let cut = '';
  for (const letter of text) {
    if (Buffer.byteLength(cut + letter) > bytes) break;
    cut += letter;
  }
  return cut;
}
