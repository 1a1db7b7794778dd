import type { Command, Evidence, HeldLease } from '../core/deployment/deployment-state.ts';
import type { Failure } from '../core/failures.ts';
import type { GateLook } from '../core/gates/gate-look.ts';
import type { Judgement } from '../core/gates/judge-traffic.ts';
import type { TrafficCourse } from '../core/gates/traffic-course.ts';
import type { Plan, PlannedService } from '../core/plan/plan.ts';
import type { KnownNotes } from '../core/schema/schema-note.ts';
import type { Clock } from '../platform/clock.ts';
import type { DriversInUse } from './drivers-in-use.ts';
import type { ServerWork } from './server-work.ts';
import type { WatchRecords } from './watch-records.ts';

/** What an action gets to work with: the plan, the command, the outside world, and time. */
export interface ActionContext {
  readonly plan: Plan;
  /** The one that the command is about. */
  readonly service: PlannedService;
  readonly command: Command;
  /** That of the service; null when none of its splits is leased. */
  readonly lease: HeldLease | null;
  readonly drivers: DriversInUse;
  readonly clock: Clock;
  /** Aborted at the command's deadline or by a person's request. */
  readonly signal: AbortSignal;
  /** What has aborted the signal: time, somebody who wants the way back, or another request. */
  end(): 'deadline' | 'abort' | 'request' | null;
  /** The environment of a release, which plans do not carry because it may be secret. */
  readonly environmentOf: (configDigest: string) => Promise<Readonly<Record<string, string>>>;
  /** What deployments have noted of how this service's database is built, the one at `place`. */
  readonly notesOf: (place: string) => Promise<KnownNotes>;
  /** What the server does itself. */
  readonly work: ServerWork;
  /** What watches by this command have seen, also before a process was lost. */
  readonly watches: WatchRecords;
  /** Tells watchers how it goes; may be dropped. */
  readonly progress: (text: string, look?: GateLook) => void;
}

/** What an action found out. Thrown OperationalErrors count as failed without a judgement. */
export type ActionResult =
  | { readonly kind: 'ok'; readonly evidence: Evidence }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      readonly judgement?: Judgement;
      readonly course?: TrafficCourse;
      readonly decidedAtNs?: string;
      readonly zeroAtNs?: string;
    }
  /** A wait that was ended before its end, and found nothing against going on. */
  | { readonly kind: 'stopped'; readonly evidence: Evidence };

export function ok(summary: string, more: Omit<Evidence, 'summary'> = {}): ActionResult {
  return { kind: 'ok', evidence: { summary, ...more } };
}
