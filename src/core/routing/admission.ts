/**
 * When an unproven candidate gets requests that change something: after it has answered enough safe
 * ones well in a row under this deployment. Until then those requests go to the stable pool.
 */
import type { PoolId } from '../model/ids.ts';
import type { AdmissionObservation, Lease } from '../model/routing.ts';
import { secondOf } from '../model/second-of.ts';

export interface Admission {
  /** Safe requests that the candidate has answered well since its last failure. */
  readonly cleanAnswers: number;
  /** Requests that were its share and went to the stable pool, since its last failure. */
  readonly withheld: number;
  /** Requests that change something and were sent to it. */
  readonly unsafeSent: number;
  /** When it had earned them; missing until then, and where that was before anybody kept it. */
  readonly admittedAtNs?: string;
}

export type AdmissionCount = Exclude<keyof Admission, 'admittedAtNs'>;

export const UNPROVEN: Admission = { cleanAnswers: 0, withheld: 0, unsafeSent: 0 };

/** So many withheld ones stand for one safe one: a service that hardly has safe ones must earn it, too. */
export const WITHHELD_PER_SAFE = 10;

/** Where no more were withheld, the next one may take longer than a step with a small weight lasts. */
const RARE_MAX = 2;

/** Whether requests that change something come so seldom that one is waited for at full weight only. */
export function areRare({ withheld }: Pick<Admission, 'withheld'>): boolean {
  return withheld <= RARE_MAX;
}

interface Judged {
  readonly admission: Admission;
  readonly routing: { readonly lease: Lease | null; readonly stable: PoolId | null };
  readonly token: { readonly deployment: number };
}

/** Whether a request that changes something may go to the pool. */
export function isAdmitted({ admission, routing }: Judged, pool: PoolId): boolean {
  const { lease, stable } = routing;
  if (lease?.safeFirst === undefined || lease.candidate !== pool || stable === null) return true;
  return hasEarned(admission, lease.safeFirst);
}

export function hasEarned({ cleanAnswers, withheld }: Admission, safeFirst: number): boolean {
  return cleanAnswers >= safeFirst || withheld >= safeFirst * WITHHELD_PER_SAFE;
}

/** Something to be counted; the same state when it does not matter any more. */
export function countAdmission<State extends Judged>(
  state: State,
  counted: {
    readonly pool: PoolId;
    readonly deployment: number;
    readonly what: AdmissionCount;
    readonly nowNs: bigint;
  },
): State {
  const { admission, routing, token } = state;
  const { pool, deployment, what, nowNs } = counted;
  const { lease } = routing;
  if (lease?.safeFirst === undefined || lease.candidate !== pool) return state;
  if (token.deployment !== deployment) return state;
  // What has been earned needs no more counting, but that one has been sent is to be known.
  const isKnown =
    what === 'unsafeSent' ? admission.unsafeSent > 0 : hasEarned(admission, lease.safeFirst);
  if (isKnown) return state;
  const next = { ...admission, [what]: admission[what] + 1 };
  if (what === 'unsafeSent' || !hasEarned(next, lease.safeFirst)) {
    return { ...state, admission: next };
  }
  return { ...state, admission: { ...next, admittedAtNs: String(nowNs) } };
}

/**
 * The last second in which requests were withheld from the candidate, so that it answered another mix than
 * the stable pool; before all time when none were, and without an end while they are.
 */
export function lastWithheldSecond(admission: AdmissionObservation | null): number {
  if (admission === null || admission.withheld === 0) return -Infinity;
  if (!admission.isAdmitted) return Infinity;
  const { admittedAtNs } = admission;
  return admittedAtNs === undefined ? -Infinity : secondOf(BigInt(admittedAtNs));
}

/** A failure begins it anew, unless it was earned before. */
export function admissionAfterFailure({ admission, routing }: Judged): Admission {
  const safeFirst = routing.lease?.safeFirst;
  if (safeFirst === undefined || hasEarned(admission, safeFirst)) return admission;
  // That there are any to be withheld stays known, and whether they are rare.
  return { ...admission, cleanAnswers: 0, withheld: Math.min(admission.withheld, RARE_MAX + 1) };
}
