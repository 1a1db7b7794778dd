/**
 * The beginning of an answer that is not passed on yet: while it is here, the stable pool can still be
 * asked for all of it, and the client never sees that it broke. Bounded, for clients do not wait for
 * our caution.
 */
import type { LivePool } from './live-pool.ts';
import type { AnswerHead } from './send-head.ts';
import { appendWaiting, removeWaiting } from './waiting-list.ts';

const BYTES_MAX = 64 * 1024;
const HELD_NS_MAX = 100_000_000n;

export class HeldAnswer {
  readonly head: AnswerHead;
  readonly chunks: Buffer[] = [];
  previous: HeldAnswer | null = null;
  next: HeldAnswer | null = null;
  readonly owner: { release(): void };
  readonly sinceNs: bigint;
  private readonly pool: LivePool;
  private bytes = 0;

  constructor(head: AnswerHead, pool: LivePool, owner: { release(): void }) {
    this.head = head;
    this.pool = pool;
    this.owner = owner;
    this.sinceNs = pool.tickedNs;
    appendWaiting(pool.held, this);
  }

  /** False when it is too much to be held; the chunk is kept all the same. */
  add(chunk: Buffer): boolean {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    return this.bytes <= BYTES_MAX;
  }

  /** It goes out now, or never. */
  leave(): void {
    removeWaiting(this.pool.held, this);
  }
}

export function releaseDue({ held }: LivePool, nowNs: bigint): void {
  while (held.first !== null && nowNs - held.first.sinceNs >= HELD_NS_MAX)
    held.first.owner.release();
}

/** Whether a service wants its answer passed on as it comes: an event stream, or what says so to proxies. */
export function isPassedAtOnce(rawHeaders: readonly Buffer[]): boolean {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    const value = rawHeaders[index + 1];
    if (name === undefined || value === undefined) continue;
    // Only names of these lengths matter.
    if (name.length === 12 && isText(name, 'content-type')) {
      if (isText(value.subarray(0, 17), 'text/event-stream')) return true;
    } else if (name.length === 17 && isText(name, 'x-accel-buffering') && isText(value, 'no')) {
      return true;
    }
  }
  return false;
}

function isText(bytes: Buffer, text: string): boolean {
  return bytes.toString('latin1').toLowerCase() === text;
}
