/**
 * One service's routing on disk, so that a restarted worker knows what was in force and refuses what
 * came too late. Writes follow one another; the last state wins.
 */
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UNPROVEN } from '../core/routing/admission.ts';
import type { RoutingState } from '../core/routing/routing-state.ts';
import type { Scope } from '../core/model/ids.ts';
import type { Clock } from '../platform/clock.ts';
import { writeDurably } from '../platform/durable-file.ts';
import { isSystemError } from '../platform/is-system-error.ts';
import {
  admissionSchema,
  fallbackSchema,
  firstFailuresSchema,
  routingSchema,
  tokenSchema,
} from '../platform/routing-schema.ts';

const SUFFIX = '.routing.json';
const RETRY_MS = 500;

const count = z.int().min(0);
const nanoseconds = z.string().regex(/^\d+$/).transform(BigInt);

const storedSchema = z.strictObject({
  bootId: z.string(),
  routing: routingSchema,
  token: tokenSchema,
  inForceSinceNs: nanoseconds,
  leaseDeadlineNs: nanoseconds.nullable(),
  fallback: fallbackSchema.nullable(),
  tripCounts: z.strictObject({ connectErrors: count, serverErrors: count, timeouts: count }),
  // Missing in files of before they were counted.
  admission: admissionSchema.default(UNPROVEN),
  firstFailures: firstFailuresSchema.default({}),
});

export interface ScopeFile {
  /**
   * Writes the state that `next` returns when its turn comes, then calls `written` before anything
   * else is written. Rejects when the disk refuses, with the old content in place.
   */
  write(next: () => RoutingState, written: (state: RoutingState) => void): Promise<void>;
  /** Writes what `next` returns, again and again until it succeeds. */
  writeEventually(next: () => RoutingState | null): void;
  close(): Promise<void>;
}

export function openScopeFile(
  folder: string,
  scope: Scope,
  options: { readonly bootId: string; readonly clock: Clock },
): ScopeFile {
  const path = join(folder, `${encodeURIComponent(scope)}${SUFFIX}`);
  const closed = new AbortController();
  let queue: Promise<unknown> = Promise.resolve();
  let isRetrying = false;
  let isWanted = false;

  function enqueue(work: () => Promise<void>): Promise<void> {
    const done = queue.then(work);
    // A failed write concerns its caller; the next one has its turn all the same.
    queue = done.catch(() => undefined);
    return done;
  }

  async function retry(next: () => RoutingState | null): Promise<void> {
    isRetrying = true;
    while (isWanted && !closed.signal.aborted) {
      isWanted = false;
      try {
        await enqueue(async () => {
          const state = next();
          if (state !== null) await writeDurably(path, textOf(state, options.bootId));
        });
      } catch {
        // The disk is full or gone. What is in force does not depend on it; only a restart does.
        isWanted = true;
        await options.clock.sleep(RETRY_MS, closed.signal).catch(() => undefined);
      }
    }
    isRetrying = false;
  }

  return {
    write: (next, written) =>
      enqueue(async () => {
        const state = next();
        await writeDurably(path, textOf(state, options.bootId));
        written(state);
      }),
    writeEventually(next) {
      isWanted = true;
      if (!isRetrying) void retry(next);
    },
    async close() {
      closed.abort();
      await queue;
    },
  };
}

/** What a file held, or why it is not known. */
export type StoredRouting =
  | { readonly kind: 'known'; readonly state: RoutingState }
  | {
      readonly kind: 'damaged';
      readonly path: string;
      /** Null where the file stayed: it cannot be read now but may be whole. */
      readonly setAsideAs: string | null;
      readonly error: unknown;
    };

/**
 * All routings on disk. After a boot of the machine every lease counts as lapsed. A damaged file is
 * set aside: it must not keep the other services from being served.
 */
export async function readScopeFiles(
  folder: string,
  options: { readonly bootId: string; readonly nowNs: bigint },
): Promise<readonly StoredRouting[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX));
  return Promise.all(names.map((name) => readStored(join(folder, name), options)));
}

async function readStored(
  path: string,
  options: { readonly bootId: string; readonly nowNs: bigint },
): Promise<StoredRouting> {
  try {
    return { kind: 'known', state: stateIn(await readFile(path, 'utf8'), options) };
  } catch (error) {
    const setAsideAs = isSystemError(error) ? null : await setAside(path);
    return { kind: 'damaged', path, setAsideAs, error };
  }
}

async function setAside(path: string): Promise<string | null> {
  const aside = `${path}.damaged`;
  try {
    await rename(path, aside);
    return aside;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // A disk that takes nothing: it stays, and is damaged again at the next start.
    return null;
  }
}

function stateIn(
  text: string,
  options: { readonly bootId: string; readonly nowNs: bigint },
): RoutingState {
  const { bootId, ...state } = storedSchema.parse(JSON.parse(text));
  if (bootId === options.bootId) return state;
  const now = String(options.nowNs);
  const isLapsed = state.routing.lease !== null && state.routing.stable !== null;
  return {
    ...state,
    inForceSinceNs: options.nowNs,
    leaseDeadlineNs: state.leaseDeadlineNs === null ? null : options.nowNs,
    fallback:
      state.fallback ??
      (isLapsed ? { cause: 'lease-lapsed', decidedAtNs: now, zeroAtNs: now } : null),
  };
}

function textOf(state: RoutingState, bootId: string): string {
  const stored = {
    bootId,
    ...state,
    inForceSinceNs: String(state.inForceSinceNs),
    leaseDeadlineNs: state.leaseDeadlineNs === null ? null : String(state.leaseDeadlineNs),
  };
  return `${JSON.stringify(stored)}\n`;
}
