/** Whether what a check asks is alive: a tool that found nothing on a dead target has shown nothing. */
import type { Criterion } from '../../core/validation/criterion.ts';
import { askHead } from '../../platform/ask-head.ts';
import type { Clock } from '../../platform/clock.ts';

export type Look =
  | { readonly kind: 'alive' }
  /** It may answer in a moment. */
  | { readonly kind: 'silent'; readonly why: string }
  /** It will not come back. */
  | { readonly kind: 'dead'; readonly why: string };

/** Throws only what the signal says. */
export type LookAtTarget = (signal: AbortSignal) => Promise<Look>;

/** Behind much load an answer may be late. */
export const SILENT_MS_MAX = 10_000;
const PAUSE_MS = 100;
const ANSWER_MS_MAX = 5_000;

export interface Waiting {
  readonly clock: Clock;
  /** Ends the wait; what was found last is told. */
  readonly signal: AbortSignal;
  readonly waitMs: number;
}

/** The first look that says alive or dead, or else the last one. */
export async function untilAlive(
  look: LookAtTarget,
  { clock, signal, waitMs }: Waiting,
): Promise<Look> {
  const box = clock.deadline(waitMs);
  const ended = AbortSignal.any([signal, box.signal]);
  let found: Look = { kind: 'silent', why: 'It has not answered.' };
  try {
    while (!ended.aborted) {
      found = await look(ended);
      if (found.kind !== 'silent') break;
      await clock.sleep(PAUSE_MS, ended);
    }
  } catch (error) {
    if (!ended.aborted) throw error;
  } finally {
    box.release();
  }
  return found;
}

/** What answers with less than 400 is alive. Redirects are answers, and not followed; certificates are another check's matter. */
export function lookAtUrl(url: string): LookAtTarget {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const isEncrypted = protocol === 'https:';
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  const address = { host, port: port === '' ? (isEncrypted ? 443 : 80) : Number(port) };
  return async (signal) => {
    const answer = await askHead({
      ...{ address, isEncrypted, path: pathname + search, timeoutMs: ANSWER_MS_MAX },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    signal.throwIfAborted();
    if ('silence' in answer) {
      return { kind: 'silent', why: `${url} does not answer: ${answer.silence}.` };
    }
    const { status } = answer;
    if (status < 400) return { kind: 'alive' };
    return { kind: 'silent', why: `${url} answers with ${status}${remedyOf(status)}.` };
  };
}

/** Who looks at a page that says no has looked at nothing. */
function remedyOf(status: number): string {
  if (status >= 500) return '';
  return status === 401 || status === 403
    ? ', to everybody: the check would see nothing; let target name a page that needs nobody signed in'
    : ': the check would look at the wrong thing; let target name a page that is there';
}

export interface Looks {
  readonly before: Look;
  /** Missing when nothing was done in between. */
  readonly after?: Look;
}

/** `isProcess`: they tell one process from another, rather than whether something answers. */
export function aliveCriterion(looks: Looks, isProcess: boolean): Criterion {
  const wrong = Object.entries(looks).flatMap(([when, look]: [string, Look]) =>
    look.kind === 'alive' ? [] : [`${when}: ${look.why}`],
  );
  return {
    what: 'the target was alive before and after',
    observed: wrong.length === 0 ? 'alive' : wrong.join(' '),
    limit: isProcess
      ? 'alive both times, the same process, not restarted'
      : 'an answer below 400 both times',
    state: wrong.length === 0 ? 'met' : 'unknown',
  };
}
