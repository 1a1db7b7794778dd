/** Where a deployment stands: everything `decide` needs, nothing that the plan already says. */
import type { Failure } from '../failures.ts';
import type { Judgement } from '../gates/judge-traffic.ts';
import type { TrafficCourse } from '../gates/traffic-course.ts';
import type { FencingToken } from '../model/fencing-token.ts';
import type { Scope } from '../model/ids.ts';
import { changesNothing } from '../plan/changes-nothing.ts';
import type { Action, Plan, Step } from '../plan/plan.ts';
import type { SchemaNote } from '../schema/schema-note.ts';
import type { Comparison } from '../verdict/comparison.ts';
import type { Closure, Override } from './closure.ts';
import type { OperatorRequest, RequestKind } from './operator-request.ts';

/** The first sequence of the reserved block: above every forward token, so that a revert always wins. */
export const REVERT_SEQUENCE_FIRST = 1_000_000;

/** Why a deployment turned round or stopped. */
export interface Cause {
  readonly step: string;
  readonly failure: Failure;
  readonly judgement: Judgement | null;
  /** When it was decided, on the system-wide monotonic clock in ns; null when the candidate had no traffic to take away. */
  readonly decidedAtNs: string | null;
}

export type Outcome =
  | { readonly kind: 'promoted' }
  | { readonly kind: 'reverted'; readonly cause: Cause }
  | { readonly kind: 'held'; readonly cause: Cause };

export interface DeploymentState {
  readonly mode: 'forward' | 'reverting' | 'ended';
  /** Index in `plan.steps` or, when reverting, in `plan.revert`. */
  readonly position: number;
  /** Tries of the step at `position`, from 1. */
  readonly attempt: number;
  /** The last command's effect is unknown: the next command only looks. */
  readonly observing: boolean;
  readonly lastForwardSequence: number;
  readonly lastRevertSequence: number;
  /** Of each leased split in force the command that wrote it; its token is the one to renew with. */
  readonly leases: readonly HeldLease[];
  /** Sequences of all leased splits that were written: what was answered under them is exposure. */
  readonly leasedSequences: readonly number[];
  /** Milliseconds of the deadline of the step at hand that waits ended by requests have used up. */
  readonly spentMs?: number;
  /** Somebody has waived what is left of the time that the step at hand holds the split. */
  readonly isHoldWaived?: boolean;
  /** What approvals are held against; missing in old records. */
  readonly origin?: Origin | null;
  /** Who has approved at the step at hand. */
  readonly approvedBy?: readonly string[];
  /** What somebody asked to wait for; missing in old records. */
  readonly pause?: Pause | null;
  /** What keeps the step at hand from being begun; missing in old records. */
  readonly closure?: Closure | null;
  /** What it is not kept from by anybody's decision; missing in old records. */
  readonly override?: Override | null;
  /** How the candidate compares so far, while a later step still compares it; missing in old records. */
  readonly comparison?: Comparison | null;
  readonly cause: Cause | null;
  /** When the candidate's weight was 0 after the decision; same clock as `decidedAtNs`. */
  readonly zeroAtNs: string | null;
  readonly outcome: Outcome | null;
}

/** What was admitted, and who started it. */
export interface Origin {
  readonly planDigest: string;
  readonly actor: string;
}

/** Nothing further begins until somebody resumes, or the time is over. */
export interface Pause {
  /** The request that is to be answered. */
  readonly request: OperatorRequest & { readonly kind: 'pause' };
  /** False while the step at hand is brought to its end. */
  readonly isInForce: boolean;
  /** What is left of the time; null when there is no end to it. */
  readonly leftMs: number | null;
}

/** Of one service. */
export interface HeldLease {
  readonly scope: Scope;
  readonly token: FencingToken;
  readonly ttlMs: number;
}

/** What the shell must do next; exactly one command is in flight per deployment. */
export interface Command {
  readonly token: FencingToken;
  readonly step: string;
  /** Of the service that it is about. */
  readonly scope: Scope;
  readonly row: string;
  readonly title: string;
  readonly attempt: number;
  /** `observe` only looks whether the action is in force, after an unknown outcome. */
  readonly purpose: 'act' | 'observe';
  readonly action: Action;
  readonly deadlineMs: number;
  /** Requests that end the wait for the command at once. */
  readonly endedBy: readonly RequestKind[];
  /** What becomes of it while the place is closed: nothing but a way further waits for that. */
  readonly whileClosed: 'acts' | 'is-withheld' | 'waits';
  /** How long to wait before the command is sent: the back-off of a further try. */
  readonly delayMs: number;
  /** What the steps before have found in comparing the candidate; only for a step that goes on with it. */
  readonly comparison: Comparison | null;
  /** Those to renew while the command runs. */
  readonly leases: readonly HeldLease[];
  /** The token that `judge-traffic` takes for its `onRollback` split: that of the revert's first command. */
  readonly revertToken: FencingToken;
}

/** What a command found out, kept as evidence. */
export interface Evidence {
  /** One line for people. */
  readonly summary: string;
  readonly judgement?: Judgement;
  /** How a judged step went, for those who ask afterwards. */
  readonly course?: TrafficCourse;
  /** For the next step that compares the candidate with the stable release. */
  readonly comparison?: Comparison;
  /** How the database of the service was found to be built: what it is compared with from then on. */
  readonly schema?: SchemaNote;
  /** Since when the split that was written is in force. */
  readonly inForceSinceNs?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export type DeploymentEvent =
  | { readonly kind: 'Started'; readonly origin?: Origin; readonly override?: Override }
  /** Whoever drove the deployment is gone for good; the state is the last one recorded. */
  | { readonly kind: 'DriverLost'; readonly failure: Failure }
  | { readonly kind: 'CommandSucceeded'; readonly evidence: Evidence }
  | {
      readonly kind: 'CommandFailed';
      readonly failure: Failure;
      readonly judgement: Judgement | null;
      readonly course?: TrafficCourse;
      readonly decidedAtNs: string;
      /** Set when the candidate's traffic is gone already. */
      readonly zeroAtNs: string | null;
    }
  /** A request ended a wait, or a hold its time, and nothing was found against going on. */
  | {
      readonly kind: 'CommandStopped';
      readonly evidence: Evidence;
      readonly spentMs: number;
      /** The place was found open, which the wait was for. */
      readonly isOpen?: true;
    }
  /** It was not begun: the place is closed. */
  | { readonly kind: 'CommandWithheld'; readonly closure: Closure }
  /** Answer to `observe`: whether the action's effect is in force. */
  | { readonly kind: 'EffectObserved'; readonly inForce: boolean }
  | {
      readonly kind: 'AbortRequested';
      readonly actor: string;
      readonly reason: string;
      readonly decidedAtNs: string;
      readonly zeroAtNs: string | null;
    }
  | {
      readonly kind: 'OperatorAsked';
      readonly request: Exclude<OperatorRequest, { kind: 'abort' }>;
    };

/** Whom a decision answers; `request` is the number that the request was recorded with. */
export interface AboutRequest {
  readonly request: number;
  readonly asked: RequestKind;
  readonly actor: string;
  readonly reason: string;
}

/** What an abort that came too late found: on its way past the return or back, or its outcome. */
export type AbortMet = 'going-on' | 'reverting' | Outcome['kind'];

/** What a decision means, for the audit log. */
export type Decision =
  | { readonly kind: 'DeploymentStarted' }
  | { readonly kind: 'StepPassed'; readonly step: string }
  | { readonly kind: 'RetryDecided'; readonly step: string; readonly attempt: number }
  | { readonly kind: 'RevertDecided'; readonly cause: Cause }
  | {
      readonly kind: 'AbortRefused';
      readonly actor: string;
      readonly reason: string;
      /** Missing in old records. */
      readonly met?: AbortMet;
      /** Only in old records, of what was on the way back already. */
      readonly isReverting?: true;
    }
  | (AboutRequest & {
      readonly kind: 'DeploymentPaused';
      /** The step that does not begin. */
      readonly before: string;
      readonly forMs: number | null;
    })
  | (AboutRequest & { readonly kind: 'DeploymentResumed' })
  /** The time of a hold is over. */
  | { readonly kind: 'HoldEnded'; readonly before: string }
  | (AboutRequest & { readonly kind: 'HoldWaived'; readonly step: string })
  /** What it waited for is over: the step begins after all. */
  | { readonly kind: 'DeploymentThawed'; readonly before: string }
  | (AboutRequest & {
      readonly kind: 'FreezeOverridden';
      readonly before: string;
      readonly closure: Closure;
    })
  | (AboutRequest & {
      readonly kind: 'ApprovalGiven';
      readonly step: string;
      readonly planDigest: string;
      readonly given: number;
      readonly needed: number;
    })
  /** All is already as the request wants it. */
  | (AboutRequest & { readonly kind: 'RequestIdle'; readonly because: string })
  | (AboutRequest & { readonly kind: 'RequestDeclined'; readonly because: string })
  | { readonly kind: 'DeploymentPromoted' }
  | { readonly kind: 'DeploymentReverted'; readonly cause: Cause }
  | { readonly kind: 'DeploymentHeld'; readonly cause: Cause };

export interface Decided {
  readonly state: DeploymentState;
  /** Null when the deployment has ended. */
  readonly command: Command | null;
  readonly decisions: readonly Decision[];
}

export const initialState: DeploymentState = {
  mode: 'forward',
  position: 0,
  attempt: 1,
  observing: false,
  lastForwardSequence: 0,
  lastRevertSequence: REVERT_SEQUENCE_FIRST - 1,
  leases: [],
  leasedSequences: [],
  spentMs: 0,
  isHoldWaived: false,
  origin: null,
  approvedBy: [],
  pause: null,
  closure: null,
  override: null,
  comparison: null,
  cause: null,
  zeroAtNs: null,
  outcome: null,
};

/** The step a deployment is at; undefined when it has ended. */
export function currentStep(plan: Plan, state: DeploymentState): Step | undefined {
  if (state.mode === 'ended') return undefined;
  return (state.mode === 'forward' ? plan.steps : plan.revert)[state.position];
}

/** Whether the step that cannot be taken back has been reached. */
export function isPastReturn(
  plan: Plan,
  state: Pick<DeploymentState, 'mode' | 'position'>,
): boolean {
  const first = plan.steps.findIndex((step) => step.id === plan.pointOfNoReturn);
  return state.mode === 'forward' && first >= 0 && state.position >= first;
}

/** Whether no step up to the one at hand changes anything. */
export function isUntouched(plan: Plan, state: DeploymentState): boolean {
  if (state.mode !== 'forward') return false;
  return plan.steps.slice(0, state.position + 1).every(({ action }) => changesNothing(action));
}
