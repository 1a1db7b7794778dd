/** A finding that somebody puts up with for a time, and says why. */
import type { Finding } from './fact.ts';
import { namesFolder, namesPath } from './names-path.ts';

export interface Waiver {
  /** The rule or vulnerability, by any of its names. */
  readonly finding: string;
  /** A whole file, package or request of its place, or with `/` at its end a folder; null for wherever it is. */
  readonly place: string | null;
  /** A part of what is said of it; null for whatever is. */
  readonly message: string | null;
  /** The only check that it counts for; null for any. */
  readonly check: string | null;
  readonly reason: string;
  readonly owner: string;
  /** The last moment at which it counts, since 1970. */
  readonly untilMs: number;
  /** As people wrote it. */
  readonly until: string;
}

/** Whether a finding is put up with, and why; of one that is not, what was meant to excuse it. */
export interface Excuse {
  readonly isValid: boolean;
  readonly why: string;
}

/** Null when no waiver means it. */
export function excusedByWaiver(
  waivers: readonly Waiver[],
  { check, nowMs }: { readonly check: string; readonly nowMs: number },
  finding: Finding,
): Excuse | null {
  const meant = waivers.filter((waiver) => isMeant(waiver, check, finding));
  const valid = meant.find(({ untilMs }) => nowMs <= untilMs);
  if (valid) {
    const { owner, until, reason } = valid;
    return { isValid: true, why: `waived by ${owner} until ${until}: ${reason}` };
  }
  const [expired] = meant;
  return (
    (expired && {
      isValid: false,
      why: `waiver of ${expired.finding} by ${expired.owner}, expired on ${expired.until}`,
    }) ??
    null
  );
}

/** Part of a word is no place: what is meant for `a.ts` excuses nothing in `data.ts`. */
function isIn(place: string, wanted: string): boolean {
  return wanted.endsWith('/') ? namesFolder(place, wanted) : namesPath(place, wanted);
}

function isMeant(waiver: Waiver, check: string, finding: Finding): boolean {
  const { rule, aliases = [], place, message } = finding;
  return (
    (waiver.check === null || waiver.check === check) &&
    [rule, ...aliases].includes(waiver.finding) &&
    (waiver.place === null || (place !== null && isIn(place, waiver.place))) &&
    (waiver.message === null || message.includes(waiver.message))
  );
}
