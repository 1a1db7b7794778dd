/** What the audit log says: every command, attempt, outcome, decision, actor and reason. */
import type { Closure } from '../deployment/closure.ts';
import type { Decision, Evidence } from '../deployment/deployment-state.ts';
import type { Freeze } from '../deployment/freeze.ts';
import type { RequestKind } from '../deployment/operator-request.ts';
import type { DeploymentSummary } from '../deployment/deployment-summary.ts';
import type { Failure } from '../failures.ts';
import type { Judgement } from '../gates/judge-traffic.ts';
import type { TrafficCourse } from '../gates/traffic-course.ts';
import type { FencingToken } from '../model/fencing-token.ts';
import type { DeploymentId } from '../model/ids.ts';
import type { Action, Plan, ReleaseIdentity } from '../plan/plan.ts';

interface AboutCommand {
  readonly step: string;
  readonly row: string;
  readonly attempt: number;
  readonly token: FencingToken;
  readonly purpose: 'act' | 'observe';
}

export type AuditBody =
  | {
      readonly kind: 'DeploymentRequested';
      readonly deployment: DeploymentId;
      readonly deploymentKind: Plan['kind'];
      readonly release: ReleaseIdentity;
      readonly replaces: ReleaseIdentity | null;
      readonly planDigest: string;
      readonly reason: string;
      /** What it was started in spite of, and why. */
      readonly overridden?: { readonly closure: Closure; readonly reason: string };
    }
  | (AboutCommand & {
      readonly kind: 'CommandIssued';
      readonly title: string;
      readonly action: Action;
    })
  | (AboutCommand & {
      readonly kind: 'CommandSucceeded';
      readonly evidence: Evidence;
      readonly durationMs: number;
    })
  | (AboutCommand & {
      readonly kind: 'CommandFailed';
      readonly failure: Failure;
      readonly judgement: Judgement | null;
      readonly course?: TrafficCourse;
      readonly decidedAtNs: string;
      readonly zeroAtNs: string | null;
      readonly durationMs: number;
    })
  | (AboutCommand & {
      readonly kind: 'CommandStopped';
      readonly evidence: Evidence;
      readonly spentMs: number;
      readonly isOpen?: true;
      readonly durationMs: number;
    })
  /** It was not begun. */
  | (AboutCommand & {
      readonly kind: 'CommandWithheld';
      readonly closure: Closure;
      readonly durationMs: number;
    })
  | (AboutCommand & {
      readonly kind: 'EffectObserved';
      readonly inForce: boolean;
      readonly durationMs: number;
    })
  | Decision
  /** What older versions recorded of a request to abort. */
  | { readonly kind: 'AbortRequested'; readonly reason: string }
  /** Answered by a decision with the same number. */
  | {
      readonly kind: 'OperatorAsked';
      readonly request: number;
      readonly asked: RequestKind;
      readonly reason: string;
      /** Of a pause: how long to hold; null until somebody resumes. */
      readonly forMs?: number | null;
      /** Of an approval: of which plan. */
      readonly planDigest?: string;
      /** Of a request to resume: whether what is frozen goes on, too. */
      readonly override?: boolean;
    }
  /** Of a place, not of a deployment. */
  | { readonly kind: 'FreezeBegan'; readonly freeze: Freeze }
  | { readonly kind: 'FreezeLifted'; readonly freeze: Freeze; readonly reason: string }
  | {
      readonly kind: 'DeploymentEnded';
      readonly outcome: 'promoted' | 'reverted' | 'held';
      readonly summary: DeploymentSummary;
    }
  /** Of a service, and no deployment: what was due. */
  | {
      readonly kind: 'BackupVerified';
      readonly backup: string;
      readonly id: string;
      /** Of the whole as it is kept. */
      readonly digest: string;
      readonly takenAt: string;
    }
  | { readonly kind: 'BackupFailed'; readonly backup: string; readonly failure: Failure }
  /** A person has put a backup in the place of what was live, or has taken that back. */
  | {
      readonly kind: 'BackupSwitched';
      readonly backup: string;
      readonly id: string;
      readonly way: 'in' | 'back';
      /** What was live before is called so. */
      readonly kept: string;
      readonly reason: string;
    }
  /** Of no deployment: none was started or changed. */
  | {
      readonly kind: 'RequestRefused';
      readonly request: 'deploy' | 'rollback' | 'freeze' | 'unfreeze' | RequestKind;
      readonly failure: Failure;
      readonly reason: string;
    }
  | {
      readonly kind: 'ControllerStarted';
      readonly version: string;
      readonly resumed: readonly string[];
    };

/** An entry as stored; sequence numbers have no gap. */
export interface AuditEntry {
  readonly sequence: number;
  /** RFC 3339; for display. */
  readonly at: string;
  readonly scope: string | null;
  readonly deployment: number | null;
  readonly actor: string;
  readonly body: AuditBody;
}
