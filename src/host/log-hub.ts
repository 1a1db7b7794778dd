/** Brings log lines of a pool to whoever asks: the stored ones first, then each new one once. */
import type { InstanceId } from '../core/model/ids.ts';
import { operationalError } from '../core/operational-error.ts';
import type { StoredLine } from './instance-log.ts';
import type { PoolLife } from './pool-life.ts';

const WAITING_LINES_MAX = 10_000;

/** As the target contract says it; a type of its own, since the host knows no drivers. */
export type PublicLine = Pick<StoredLine, 'at' | 'instance' | 'stream' | 'text'>;

export interface LogQuery {
  readonly tail: number;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

export interface LogHub {
  readonly publish: (line: StoredLine) => void;
  read(pool: PoolLife, query: LogQuery): AsyncIterable<PublicLine>;
}

export function createLogHub(): LogHub {
  const listeners = new Set<(line: StoredLine) => void>();

  async function* read(pool: PoolLife, query: LogQuery): AsyncGenerator<PublicLine> {
    const waiting: StoredLine[] = [];
    let wake = (): void => undefined;
    const listener = (line: StoredLine): void => {
      waiting.push(line);
      wake();
    };
    // Listening begins before reading, so that no line falls in between; numbers sort out doubles.
    if (query.follow) listeners.add(listener);
    const onAbort = (): void => wake();
    query.signal.addEventListener('abort', onAbort);
    try {
      const seen = new Map<InstanceId, number>();
      yield* await readTail(pool, query.tail, seen);
      while (query.follow && !query.signal.aborted) {
        if (waiting.length > WAITING_LINES_MAX) throw tooSlow();
        for (const line of waiting.splice(0)) {
          const last = seen.get(line.instance);
          if (last !== undefined && line.number > last) yield publicLine(line);
        }
        if (waiting.length === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (query.signal.aborted) resolve();
          });
        }
      }
    } finally {
      listeners.delete(listener);
      query.signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    publish(line) {
      for (const listener of listeners) listener(line);
    },
    read,
  };
}

/** `seen` gets an entry for every instance of the pool. */
async function readTail(
  pool: PoolLife,
  count: number,
  seen: Map<InstanceId, number>,
): Promise<PublicLine[]> {
  const lines: StoredLine[] = [];
  for (const { record, log } of pool.instances) {
    await log.drain(false);
    const stored = await log.tail(Math.max(1, count));
    seen.set(record.id, stored.at(-1)?.number ?? 0);
    lines.push(...stored);
  }
  // Sorting is stable: lines of one instance stay in the order in which they were read.
  lines.sort((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0));
  return count === 0 ? [] : lines.slice(-count).map(publicLine);
}

function publicLine({ at, instance, stream, text }: StoredLine): PublicLine {
  return { at, instance, stream, text };
}

function tooSlow(): Error {
  return operationalError('request-invalid', 'The reader is too slow to follow the log.');
}
