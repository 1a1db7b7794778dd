/** All time of a simulated run: what is due next happens next, and nothing else moves the clock. */
export interface VirtualTime {
  nowMs(): number;
  /** Due after `ms`; among equals the one that was planned first. */
  after(ms: number, run: () => void): Timer;
  /** Lets the next due timer run; false when none is left. */
  next(): boolean;
}

export interface Timer {
  /** Forgets what is due; harmless when it has run. */
  cancel(): void;
}

/** A class, so that a million timers share one way to be cancelled. */
class Due implements Timer {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | null;

  constructor(atMs: number, order: number, run: () => void) {
    this.atMs = atMs;
    this.order = order;
    this.run = run;
  }

  cancel(): void {
    this.run = null;
  }
}

export function createVirtualTime(): VirtualTime {
  const heap: Due[] = [];
  let nowMs = 0;
  let order = 0;
  return {
    nowMs: () => nowMs,
    after(ms, run) {
      const due = new Due(nowMs + Math.max(0, ms), order, run);
      order += 1;
      push(heap, due);
      return due;
    },
    next() {
      for (let due = pop(heap); due !== undefined; due = pop(heap)) {
        if (due.run === null) continue;
        nowMs = due.atMs;
        due.run();
        return true;
      }
      return false;
    },
  };
}

function isBefore(left: Due, right: Due): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}

function push(heap: Due[], due: Due): void {
  let at = heap.push(due) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above]!;
    if (!isBefore(due, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = due;
}

function pop(heap: Due[]): Due | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let below = at * 2 + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1;
    const child = heap[below]!;
    if (!isBefore(child, last)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = last;
  return first;
}
