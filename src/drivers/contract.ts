/**
 * What the outside world must be able to do, one interface per kind of driver. Every verb that
 * changes something is idempotent: the engine runs a step at least once and repeats it with the same
 * token after a crash. A failed verb throws an OperationalError that says what it may have changed.
 */
import type { z } from 'zod';
import type { ContentPart } from '../core/backup/content.ts';
import type { SwitchNames } from '../core/backup/switch-names.ts';
import type { AppliedMigration } from '../core/migration/applied-migration.ts';
import type { MigrationFile, MigrationText } from '../core/migration/migration-file.ts';
import type { MigrationLimits } from '../core/migration/migration-limits.ts';
import type { MigrationRun } from '../core/migration/migration-run.ts';
import type { FencingToken } from '../core/model/fencing-token.ts';
import type { InstanceId, PoolId, Scope } from '../core/model/ids.ts';
import type { InstanceUsage } from '../core/model/instance-usage.ts';
import type { PoolObservation, PoolSpec } from '../core/model/pool.ts';
import type { Routing, RoutingObservation } from '../core/model/routing.ts';
import type { TrafficReport } from '../core/model/traffic-report.ts';
import type { Fact } from '../core/validation/fact.ts';
import type { Rule } from '../core/validation/rule.ts';

/** What every call brings along. */
export interface DriverContext {
  /** Ends the wait, not the effect: an aborted verb reports its effect as `unknown`. */
  readonly signal: AbortSignal;
}

/** Context of a verb that changes something. */
export interface CommandContext extends DriverContext {
  /** Compared per scope: lower than the newest seen is refused with `token-fenced`. */
  readonly token: FencingToken;
}

/** Runs the instances of pools. */
export interface Target {
  /** Reads all pools of a scope, newest first; never from memory. */
  observe(scope: Scope, context: DriverContext): Promise<readonly PoolObservation[]>;
  /**
   * Makes the pool as specified and resolves when every instance accepts connections. Starts what is
   * missing and leaves what runs alone; a changed `restart` takes effect without a restart, and with
   * more instances than before the pool grows. It never shrinks: fewer are `request-invalid`. Fails
   * with `instance-exited` or `instance-not-accepting`; what was started stays for inspection.
   */
  ensure(spec: PoolSpec, context: CommandContext): Promise<PoolObservation>;
  /**
   * Ends every instance: asks, waits up to `graceMs`, then kills. Resolves when all are gone. A pool
   * that does not exist is stopped already. A stopped pool never starts again.
   */
  stop(
    pool: PoolId,
    options: { readonly scope: Scope; readonly graceMs: number },
    context: CommandContext,
  ): Promise<PoolObservation | null>;
  /**
   * Reads all of what a pool's instances are started from, and holds it against the digest. Throws `artifact-missing`,
   * also for a pool that is not there, or `artifact-mismatch`. Changes nothing.
   */
  attest(pool: PoolId, query: { readonly scope: Scope }, context: DriverContext): Promise<void>;
  /**
   * What every instance of the scope's pools takes up at this moment, in any order. Null, never 0, for what
   * could not be read. It may be slow, and nothing waits for it.
   */
  usage(scope: Scope, context: DriverContext): Promise<readonly InstanceUsage[]>;
  /** Lines that instances wrote, oldest first. With `follow`, ends only with the signal. */
  logs(
    query: { readonly pool: PoolId; readonly tail: number; readonly follow: boolean },
    context: DriverContext,
  ): AsyncIterable<LogLine>;
}

export interface LogLine {
  /** RFC 3339, when the line was read. */
  readonly at: string;
  readonly instance: InstanceId;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Splits a service's traffic over pools. */
export interface Balancer {
  /** Reads what is in force; null when the scope was never routed. Never from memory. */
  observe(scope: Scope, context: DriverContext): Promise<RoutingObservation | null>;
  /**
   * Puts the routing in force as a whole and reads it back. Pools that are no longer named get no
   * new request and end what they have. The same routing and token again changes nothing: a lapsed
   * or tripped lease stays lapsed or tripped, and no later token of the same deployment gives its
   * candidate weight again (`lease-lost`). With `over`, only while the routing under that token is in
   * force, or this very one: for who cannot know whether another has gone on meanwhile.
   */
  apply(
    routing: Routing,
    context: CommandContext & { readonly over?: FencingToken },
  ): Promise<RoutingObservation>;
  /**
   * Sets the candidate's lease to its full time again. Only with the token in force; fails with
   * `lease-lost` when the lease has ended, `token-fenced` when a newer routing is in force.
   */
  renew(scope: Scope, context: CommandContext): Promise<void>;
  /**
   * Samples of all pools from `fromSecond` on, the running second included; at most 15 minutes, and
   * from since when they are whole. While a lease in force has a mirror, also all that it has found
   * under this routing. Copies are sent behind the client's answer, count in no sample and trip
   * nothing.
   */
  samples(scope: Scope, fromSecond: number, context: DriverContext): Promise<TrafficReport>;
}

/** Asks a running instance, or a service through its balancer, one question. */
export interface Probe {
  /** Never throws for a bad answer: that is a result. Throws only on a bug or an aborted signal. */
  run(subject: ProbeSubject, context: DriverContext): Promise<ProbeResult>;
}

export interface ProbeSubject {
  readonly host: string;
  readonly port: number;
  /** What `{release.version}` and `{release.config}` in the probe's config stand for. */
  readonly release: { readonly version: string; readonly configDigest: string };
}

export interface ProbeResult {
  readonly ok: boolean;
  /** What was seen, in one line, control characters escaped, at most 300 characters. */
  readonly observed: string;
  /** What would have been accepted, in one line. */
  readonly expected: string;
  readonly durationMs: number;
}

/** Reads what a tool reported, in one format. */
export interface ReportReader {
  /** What it must show. */
  readonly rule: Rule;
  /**
   * All that the report says, in any order. Throws `report-invalid` for what is not of the format, is cut off or too
   * large, at the latest in the end: only facts that came to their end may be believed. Blocks nobody for long, in
   * the memory of a part of the report.
   */
  read(source: ReportSource): AsyncIterable<Fact>;
}

/** A report as it was written; it does not change while it is read. Who stops the reading breaks its chunks off. */
export interface ReportSource {
  readonly bytes: number;
  /** From the beginning each time. */
  chunks(): AsyncIterable<Buffer>;
}

/** Takes what a service keeps, and brings it back in a place of its own. What is backed up is only read. */
export interface Backup {
  /**
   * Begins to take one consistent moment. The caller reads the content once and to its end, asks for its parts, and closes
   * in any case. Throws `backup-unverifiable` when it cannot be had, also out of the content.
   */
  take(context: DriverContext): Promise<Taken>;
  /**
   * Makes of it, where nothing else is, what it was taken of. Throws `backup-damaged` for what is none, `backup-unverifiable`
   * for what is missing here; nothing is left then. Whoever cuts off the content has nothing restored.
   */
  restore(content: AsyncIterable<Uint8Array>, context: DriverContext): Promise<Restored>;
  /** Missing where only a person can put what was restored in the place of what is live. */
  readonly switching?: Switching;
  /** What it restores has a `handOver`. */
  readonly handsOver?: true;
  /** Missing where nothing is kept of what happens between two backups. */
  readonly log?: BackupLog;
}

/** What a server writes while it runs, in segments that never change again: it leads from a backup to any moment behind it. */
export interface BackupLog {
  /**
   * Marks this moment, and ends the segment that holds it. From the first time on the server keeps what was not released;
   * `holder`, of small letters, digits and underscores, says for whom. The caller closes in any case. Throws `backup-unverifiable`
   * when it cannot be had.
   */
  open(holder: string, context: DriverContext): Promise<OpenLog>;
  /** The server keeps nothing for the holder any more; false when it did not. */
  end(holder: string, context: DriverContext): Promise<boolean>;
  /**
   * The same as `restore`, to all that had ended at a moment, and nothing that ended later. Throws `backup-damaged`, too, for
   * segments that are not those behind it, or end before that moment.
   */
  restoreAt(
    content: AsyncIterable<Uint8Array>,
    to: {
      /** RFC 3339, by the server's clock. */
      readonly at: string;
      readonly segments: AsyncIterable<LogSegment>;
    },
    context: DriverContext,
  ): Promise<RestoredMoment>;
}

export interface OpenLog {
  /** What it is of, with its version. */
  readonly server: string;
  /** RFC 3339, by the server's clock: a mark behind it is in the last segment, or one before. */
  readonly until: string;
  /** All that is there, one behind the other by their names; the last has just ended. */
  readonly segments: readonly LogSegment[];
  /** The server may forget this one and all before. */
  release(id: string): Promise<void>;
  close(): Promise<void>;
}

export interface LogSegment {
  /** As `log-segment-id.ts` has it. */
  readonly id: string;
  /** Throws `backup-unverifiable` when it is not that one. */
  content(): AsyncIterable<Uint8Array>;
}

export interface RestoredMoment extends Restored {
  /** What the server itself said of having reached it. */
  readonly reached: string;
}

/** From where on a log is needed to go on from a backup. */
export interface LogStart {
  /** The last segment that the backup holds itself. */
  readonly after: string;
  /** RFC 3339, by the server's clock: not before the moment that it holds. */
  readonly at: string;
}

export interface Taken {
  /** What it is taken from, with its version. */
  readonly server: string;
  readonly content: AsyncIterable<Uint8Array>;
  /** Of the same moment. */
  parts(): Promise<readonly ContentPart[]>;
  /** Once the content was read. Missing where there is no log. */
  logStart?(): LogStart;
  close(): Promise<void>;
}

export interface Restored {
  parts(): Promise<readonly ContentPart[]>;
  /** What is wrong with its structure, a sentence each; null where that cannot be looked at. */
  faults(): Promise<readonly string[] | null>;
  /** What an application reaches it by: a URL, a path. */
  readonly address: string;
  /**
   * It stays when this process has ended, and survives a crash of the machine. Until then whoever comes next clears it when this
   * one was killed.
   */
  keep(): Promise<void>;
  /**
   * For a person who puts it in the place of what is live: it is kept, and nobody works with it any more. Missing where nobody
   * needs to, or nobody can.
   */
  handOver?(id: string): Promise<HandedOver>;
  /** With all that was made for it. */
  remove(): Promise<void>;
}

/** What to do by hand, a line of a shell each. */
export interface HandedOver {
  readonly steps: readonly string[];
  /** What brings back what was live before. */
  readonly back: readonly string[];
}

/**
 * Puts what was restored in the place of what is live, and never over it: that is kept beside it. At each moment, also after a
 * crash, both are there as a whole, and their names alone say how far it has come. One caller at a time, and `id` is that of the
 * backup. Throws `not-switched` where somebody works with what is live, or something is in the way; nothing is changed then.
 */
export interface Switching {
  /** Only looks. */
  state(id: string, context: DriverContext): Promise<SwitchState>;
  /** What stands there now, to be compared; null when nothing does, or nobody can tell. Only reads. */
  live(context: DriverContext): Promise<readonly ContentPart[] | null>;
  /** Who works with what is live and must have ended before, a line each. */
  users(context: DriverContext): Promise<readonly string[]>;
  /**
   * The same as `restore` in a place that it can be switched in from: on the same disk, in the same server. It survives a crash of
   * the machine. What an earlier one has left there goes first.
   */
  restoreBeside(
    content: AsyncIterable<Uint8Array>,
    id: string,
    context: DriverContext,
  ): Promise<Beside>;
  /** Brings what was broken off to its end: what was restored is live then. */
  finish(id: string, context: DriverContext): Promise<void>;
  /**
   * What was kept is live again, and what was live until then is kept as well. Also undoes what was broken off. False when nothing
   * was kept: then only what was left beside goes.
   */
  back(id: string, context: SwitchContext): Promise<boolean>;
}

export interface SwitchContext extends DriverContext {
  /** Ends whoever works with what is live, where that can be done. */
  readonly endSessions: boolean;
}

export interface SwitchState {
  /** `begun`: broken off where it can be finished or undone. */
  readonly kind: 'none' | 'begun' | 'switched';
  /** What is called how, for people. */
  readonly names: SwitchNames;
}

export interface Beside extends Pick<Restored, 'parts' | 'faults' | 'remove'> {
  switchIn(context: SwitchContext): Promise<void>;
}

/** Brings a database from one schema to the next, and keeps in the database itself what was applied. */
export interface Migrator {
  /** The tables in which it keeps that, which are no part of the schema; without a schema where it looks for them. */
  readonly records: readonly string[];
  /**
   * The migrations of a folder, in the order in which they are applied. Changes nothing, and asks no database. Throws
   * `migration-invalid` for a file that whoever applied it before would refuse as well.
   */
  files(folder: string, context: DriverContext): Promise<readonly MigrationFile[]>;
  /** What `applied` calls the migration of a file by this name. */
  recordedAs(name: string): string;
  /** In the order in which they were; none where nobody ever applied one. Changes nothing. Throws `database-unreachable`. */
  applied(url: string, context: DriverContext): Promise<readonly AppliedMigration[]>;
  /**
   * Applies these, one behind the other and one caller at a time, each together with its record or not at all; one that
   * PostgreSQL takes in no transaction is begun again when it was broken off. What is applied already is left alone, whoever
   * applied it: a tool that migrates the same database is kept out, or finds each recorded where it looks.
   * Throws `migration-failed`, or `migration-blocked` when a lock was not to be had in time; those before are applied then.
   */
  apply(
    url: string,
    migrations: readonly MigrationText[],
    limits: MigrationLimits,
    context: DriverContext,
  ): Promise<readonly MigrationRun[]>;
}

export interface DriverPorts {
  readonly migration: Migrator;
  readonly backup: Backup;
  readonly target: Target;
  readonly balancer: Balancer;
  readonly probe: Probe;
  readonly report: ReportReader;
}

export type DriverKind = keyof DriverPorts;

/** What a driver can do beyond the contract; checked when the plan is made. */
export type Capability = 'leases' | 'fencing' | 'samples' | 'trips' | 'mirror';

/** What the composition root hands to every driver: where this machine's agents listen. */
export interface DriverEnvironment {
  readonly stateDirectory: string;
}

/** A driver as data. Registered in `registry.ts`; nothing else changes when one is added. */
export interface Driver<Kind extends DriverKind = DriverKind, Config = unknown> {
  readonly kind: Kind;
  readonly id: string;
  /** First line of its generated reference page. */
  readonly summary: string;
  /** Validation, reference docs and JSON Schema come from here; without the `driver` key. */
  readonly config: z.ZodType<Config> & z.ZodObject;
  readonly capabilities: ReadonlySet<Capability>;
  /** No I/O; the first verb does it. */
  connect(config: Config, environment: DriverEnvironment): DriverPorts[Kind];
}

/** What every report driver is made of: what it asks for, and how its format is read. */
export function reportDriver<Config>({
  id,
  summary,
  asks: { config, ruleOf },
  read,
}: {
  readonly id: string;
  readonly summary: string;
  readonly asks: {
    readonly config: Driver<'report', Config>['config'];
    readonly ruleOf: (config: Config) => Rule;
  };
  readonly read: ReportReader['read'];
}): Driver<'report', Config> {
  return {
    ...{ kind: 'report', id, summary, config, capabilities: new Set() },
    connect: (given) => ({ rule: ruleOf(given), read }),
  };
}
