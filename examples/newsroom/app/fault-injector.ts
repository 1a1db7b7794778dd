/**
 * The bugs of the bad releases, all in one place so that everything else is the good code. `/health`
 * never meets them: that is what makes these releases dangerous.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { html } from './html.ts';
import type { Fault } from './release.ts';
import type { Answer } from './router.ts';

/** `hang` means that the request is never answered, `lose` that what it asks for is not found. */
export type Fate = 'pass' | 'fail' | 'hang' | 'lose';

/** Decides the fate of one request. */
export type FaultInjector = (path: string) => Promise<Fate>;

export function createFaultInjector(fault: Fault | null, nowMs: () => number): FaultInjector {
  switch (fault?.kind) {
    case undefined:
    case 'dies-at-start':
    case 'miswrites':
    case 'unescapes':
    case 'bares':
      return () => Promise.resolve('pass');
    case 'burns':
      return () => Promise.resolve(burn(fault.ms, nowMs));
    case 'leaks':
      return leaking(fault.kib);
    case 'loses':
      return (path) => Promise.resolve(path.startsWith(fault.path) ? 'lose' : 'pass');
    case 'fails':
      return withChance(fault, 'fail');
    case 'hangs':
      return withChance(fault, 'hang');
    case 'slow':
      return async () => {
        // One round trip after the other, as a page does that asks for each author on its own. It
        // holds no database connection meanwhile, so that it is slow and not also starved.
        for (let i = 0; i < fault.lookups; i++) await delay(fault.lookupMs);
        return 'pass';
      };
    case 'decays':
      return decaying(fault, nowMs);
  }
}

/** A setting that this build expects and production does not have. */
export async function dieIfBuiltSo(fault: Fault | null): Promise<void> {
  if (fault?.kind !== 'dies-at-start') return;
  await delay(fault.afterMs);
  throw new TypeError("Cannot read properties of undefined (reading 'bucket')");
}

/** The answer as the release gives it to a request for this address. */
export function spoil(answer: Answer, fault: Fault | null, address: string): Answer {
  if (typeof answer.body !== 'string') return answer;
  switch (fault?.kind) {
    case 'miswrites': {
      const number = new RegExp(`"${fault.field}":(\\d+)`, 'g');
      return { ...answer, body: answer.body.replace(number, `"${fault.field}":"$1"`) };
    }
    case 'unescapes': {
      const typed = URL.parse(address, 'http://newsroom')?.searchParams.get('q') ?? '';
      if (typed === '') return answer;
      return { ...answer, body: answer.body.replaceAll(html`${typed}`.html, () => typed) };
    }
    case 'bares': {
      const headers = Object.entries(answer.headers).filter(([name]) => !SAFE.has(name));
      return { ...answer, headers: Object.fromEntries(headers) };
    }
    default:
      return answer;
  }
}

const SAFE: ReadonlySet<string> = new Set(['content-security-policy', 'referrer-policy']);

function burn(ms: number, nowMs: () => number): Fate {
  const untilMs = nowMs() + ms;
  while (nowMs() < untilMs);
  return 'pass';
}

function leaking(kib: number): FaultInjector {
  const kept: Buffer[] = [];
  return () => {
    // Written to, so that it takes up memory and not only addresses.
    kept.push(Buffer.alloc(kib * 1024, 1));
    return Promise.resolve('pass');
  };
}

function withChance(fault: { share: number; seed: number }, fate: Fate): FaultInjector {
  const random = mulberry32(fault.seed);
  return () => Promise.resolve(random() < fault.share ? fate : 'pass');
}

function decaying(
  fault: { afterMs: number; share: number; seed: number },
  nowMs: () => number,
): FaultInjector {
  const random = mulberry32(fault.seed);
  let firstMs: number | null = null;
  return () => {
    firstMs ??= nowMs();
    const decayed = nowMs() - firstMs >= fault.afterMs;
    return Promise.resolve(decayed && random() < fault.share ? 'fail' : 'pass');
  };
}

/** A small seeded generator: the same release fails on the same requests every time. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
