/** Content of a backup whose first line says, as JSON, what it is of. */
import type { z } from 'zod';
import { damagedBackup } from '../core/backup/damaged-backup.ts';

const HEAD_BYTES_MAX = 1024 * 1024;
const LINE_END = 0x0a;

export interface HeadedContent<Head> {
  readonly head: Head;
  /** What comes after the first line. Whoever does not read it to its end returns it. */
  readonly rest: AsyncGenerator<Uint8Array>;
}

export async function* withHead(
  head: unknown,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${JSON.stringify(head)}\n`);
  yield* rest;
}

/** Throws `backup-damaged` for what does not say what it is. */
export async function readHead<Head>(
  content: AsyncIterable<Uint8Array>,
  schema: z.ZodType<Head>,
): Promise<HeadedContent<Head>> {
  const pieces = content[Symbol.asyncIterator]();
  let line = Buffer.alloc(0);
  let end = -1;
  while (end < 0 && line.length <= HEAD_BYTES_MAX) {
    const next = await pieces.next();
    if (next.done === true) break;
    line = Buffer.concat([line, next.value]);
    end = line.indexOf(LINE_END);
  }
  const head = headOf(line.subarray(0, Math.max(end, 0)), schema);
  if (head !== null) return { head, rest: restOf(line.subarray(end + 1), pieces) };
  await pieces.return?.();
  throw damagedBackup('It does not say what it is a dump of');
}

async function* restOf(
  first: Uint8Array,
  pieces: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
      yield next.value;
    }
  } finally {
    await pieces.return?.();
  }
}

function headOf<Head>(line: Buffer, schema: z.ZodType<Head>): Head | null {
  try {
    return schema.safeParse(JSON.parse(line.toString('utf8'))).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
