/**
 * What Surefoot remembers, as the engine sees it: PostgreSQL, or memory in the simulation. Every call
 * is one transaction. One that fails may have been carried out all the same; each may be made again.
 */
import type { AuditEntry } from '../core/audit/audit-entry.ts';
import type {
  NewOperatorRequest,
  OperatorRequest,
  RequestKind,
} from '../core/deployment/operator-request.ts';
import type { PlacesNow } from '../core/deployment/closure.ts';
import type { Freeze } from '../core/deployment/freeze.ts';
import type { PoolId } from '../core/model/ids.ts';
import type { KnownNotes } from '../core/schema/schema-note.ts';
import type { AuditQuery, NewAuditEntry } from './audit-store.ts';
import type { Admission, NewDeployment, RequestMark } from './admission-store.ts';
import type {
  DeploymentEnd,
  DeploymentRecord,
  DeploymentsQuery,
  LatestOfScope,
  Progress,
  RecordedCommand,
  SavedProgress,
} from './deployment-store.ts';
import type { NewFreeze } from './freeze-store.ts';
import type { NotesOf } from './schema-notes.ts';
import type { KeptWatch } from './watch-store.ts';

export interface Store {
  /** The number the next deployment gets; a plan made for it is refused when another came first. */
  nextDeploymentNumber(): Promise<number>;
  /** One at a time per scope, whoever asks at once. */
  admitDeployment(request: NewDeployment): Promise<Admission>;
  /**
   * State and what led to it. Returns what is recorded under `outcomeKey` already, the freezes in force
   * whose entries precede these, the time of that, and what a watch for that outcome had seen. Throws
   * `driver-replaced` when a later driver has taken the deployment up, when a later state is recorded,
   * for another process of the same driver may have gone on, or when it has ended.
   */
  saveProgress(progress: Progress): Promise<SavedProgress>;
  /** Keeps what a watch has seen so far: what `saveProgress` returns when the command is taken up again. */
  keepWatch(watch: KeptWatch): Promise<void>;
  /**
   * Makes the next driver of a running deployment the only one that may write; null when it has ended
   * or was taken up by another since `resumption` was read.
   */
  takeUpDeployment(deployment: number, resumption: number): Promise<number | null>;
  /**
   * What a command led to, and what people asked for meanwhile. When its entry is there already it
   * records nothing and returns the same requests, none that came since.
   */
  recordOutcome(outcome: RecordedCommand): Promise<readonly OperatorRequest[]>;
  /** Writes the end; a deployment that has ended stays as it is. */
  endDeployment(end: DeploymentEnd): Promise<void>;
  findDeployment(number: number): Promise<DeploymentRecord | null>;
  /** Newest first. */
  listDeployments(query: DeploymentsQuery): Promise<readonly DeploymentRecord[]>;
  /** The last deployment of every scope that ever had one. */
  listLatestByScope(): Promise<readonly LatestOfScope[]>;
  /** How long ago a deployment was admitted, by the store's clock alone. */
  deploymentAgeMs(number: number): Promise<number>;
  /** What the request started when it came before; null when its key is new. */
  findRequested(
    request: RequestMark,
  ): Promise<Extract<Admission, { kind: 'repeated' | 'key-reused' }> | null>;
  /** The deployment that brought a pool in; null when there is none. */
  findDeploymentOfPool(pool: PoolId): Promise<DeploymentRecord | null>;
  /** The environment that a release's instances get; null when no deployment brought it. */
  findReleaseEnvironment(configDigest: string): Promise<Readonly<Record<string, string>> | null>;
  /** What steps of deployments have noted last of the schema of a service's database. */
  findSchemaNotes(of: NotesOf): Promise<KnownNotes>;
  /** The request's number; null when the deployment has ended: then nothing is written. */
  addRequest(
    deployment: number,
    request: NewOperatorRequest,
    audit: (id: number) => readonly NewAuditEntry[],
  ): Promise<number | null>;
  /** The kinds of what people have asked and the deployment has not reacted to. */
  openRequests(deployment: number): Promise<readonly RequestKind[]>;
  /** All of them, or none. */
  addFreezes(
    freezes: readonly NewFreeze[],
    audit: (freeze: Freeze) => NewAuditEntry,
  ): Promise<readonly Freeze[]>;
  /** Returns those of them that it lifted; one that is not in force is left as it is. */
  liftFreezes(
    ids: readonly number[],
    audit: (freeze: Freeze) => NewAuditEntry,
  ): Promise<readonly Freeze[]>;
  /** By the store's clock, freezes oldest first. Over any of some scopes, or all of them. */
  placesNow(scopes: readonly string[] | null): Promise<PlacesNow>;
  /** Entries whose key is there already are left out. */
  appendAudit(entries: readonly NewAuditEntry[]): Promise<void>;
  readAudit(query: AuditQuery): Promise<readonly AuditEntry[]>;
}
