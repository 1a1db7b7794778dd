/**
 * Every call that leaves a process, to a driver or to the store, goes through here: it takes time, is
 * counted, and may be struck by the faults that were planned for its number.
 */
import type { Fault, PlannedFault, StruckFault } from './fault.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface CallSite {
  /** For example `balancer.apply`. */
  readonly name: string;
  /** Whether it may change anything in the world. */
  readonly changes: boolean;
  /** Whether whoever makes it has something to do; renewals and records go on without. */
  readonly acts: boolean;
  /** What is thrown when the caller cannot know what became of it. */
  readonly lost: () => Error;
}

export interface Strike {
  readonly fault: Fault;
  readonly process: SimulatedProcess;
}

export interface SimulatedNetwork {
  call<Result>(
    process: SimulatedProcess,
    site: CallSite,
    signal: AbortSignal | null,
    act: () => Result | Promise<Result>,
  ): Promise<Result>;
  /** Names of all calls so far, in their order. */
  readonly calls: readonly string[];
  /** For each of them, how many commands were on record when it was made. */
  readonly commandAt: readonly number[];
  /** And the step under way. */
  readonly stepAt: readonly string[];
  /** How often something may have changed in the world: rises with every call that changes and arrives. */
  changes(): number;
  /** When somebody last acted. */
  actedMs(): number;
  /** Whether the process still waits for a call that nobody answers. */
  isHung(process: SimulatedProcess): boolean;
  /** Faults that have struck. */
  readonly struck: readonly StruckFault[];
}

const LATENCY_MS_MAX = 4;
/** Longer than any lease and any wait of a driver in these runs. */
const LATE_MS = 20_000;

export function createSimulatedNetwork(options: {
  readonly time: VirtualTime;
  readonly random: SeededRandom;
  readonly faults: readonly PlannedFault[];
  /** The step under way. */
  readonly step: () => string;
  /** How many commands are on record. */
  readonly commands: () => number;
  /** Carries out what strikes something else than the call itself; false when there is nothing to strike. */
  readonly strike: (strike: Strike) => boolean;
}): SimulatedNetwork {
  const { time, random } = options;
  const planned = byCall(options.faults);
  const calls: string[] = [];
  const commandAt: number[] = [];
  const stepAt: string[] = [];
  const struck: StruckFault[] = [];
  const hung = new Set<SimulatedProcess>();
  let changes = 0;
  let actedMs = 0;

  function strikeAll(faults: readonly Fault[], at: number, process: SimulatedProcess): void {
    const step = stepAt[at] ?? '';
    for (const fault of faults) {
      // It dies when the call has arrived.
      const hadEffect = fault === 'killed-after' || options.strike({ fault, process });
      struck.push({ fault, at, step, hadEffect });
    }
  }

  return {
    calls,
    commandAt,
    stepAt,
    struck,
    changes: () => changes,
    actedMs: () => actedMs,
    isHung: (process) => hung.has(process),
    call: (process, site, signal, act) =>
      new Promise((resolve, reject) => {
        // A dead process has no next call; what it was about to say is never said.
        if (!process.isAlive()) return;
        // As the ways to real agents do: a call whose time is over is not sent.
        if (signal?.aborted === true) {
          reject(site.lost());
          return;
        }
        const at = calls.length;
        calls.push(site.name);
        if (site.acts) actedMs = time.nowMs();
        commandAt.push(options.commands());
        stepAt.push(options.step());
        const faults = planned.get(at) ?? NONE;
        if (faults !== NONE) strikeAll(faults, at, process);
        if (!process.isAlive()) return;
        const lose = (): void => process.deliver(() => reject(site.lost()));
        signal?.addEventListener('abort', lose, { once: true });
        const call = { process, site, signal, act, resolve, reject, lose, faults } as PendingCall;
        const latencyMs = 1 + random.below(LATENCY_MS_MAX);
        if (faults === NONE) time.after(latencyMs, () => arrive(call, true));
        else send(call, latencyMs);
      }),
  };

  function send(call: PendingCall, latencyMs: number): void {
    const { process, signal, lose } = call;
    const has = (fault: Fault): boolean => call.faults.includes(fault);
    if (has('hangs')) {
      // Whoever waits with a signal ends the wait; the others hear of it in the end.
      if (signal) return;
      hung.add(process);
      time.after(LATE_MS, () => {
        hung.delete(process);
        lose();
      });
      return;
    }
    if (has('late') || has('duplicated')) time.after(LATE_MS, () => arrive(call, false));
    if (has('late') || has('request-lost')) time.after(latencyMs, lose);
    else time.after(latencyMs, () => arrive(call, !has('answer-lost') && !has('killed-after')));
  }

  /** The call's effect, and its answer to a caller that may be dead, frozen or no longer interested. */
  function arrive(call: PendingCall, answers: boolean): void {
    if (call.site.changes) changes += 1;
    try {
      const result = call.act();
      if (!(result instanceof Promise)) succeed(call, answers, result);
      else {
        result.then(
          (late) => succeed(call, answers, late),
          (error: unknown) => fail(call, answers, error),
        );
      }
    } catch (error) {
      fail(call, answers, error);
    }
  }

  function succeed(call: PendingCall, answers: boolean, result: unknown): void {
    // Most callers are awake: no word need be kept for them.
    if (answers && call.process.isAwake()) call.resolve(result);
    else if (answers) call.process.deliver(() => call.resolve(result));
    else call.lose();
    end(call);
  }

  function fail(call: PendingCall, answers: boolean, error: unknown): void {
    if (answers) call.process.deliver(() => call.reject(error));
    else call.lose();
    end(call);
  }

  function end({ process, signal, lose, faults }: PendingCall): void {
    signal?.removeEventListener('abort', lose);
    if (faults.includes('killed-after')) options.strike({ fault: 'killed-after', process });
  }
}

interface PendingCall {
  readonly process: SimulatedProcess;
  readonly site: CallSite;
  readonly signal: AbortSignal | null;
  readonly act: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Tells the caller that the connection broke. */
  readonly lose: () => void;
  readonly faults: readonly Fault[];
}

const NONE: readonly Fault[] = [];

function byCall(faults: readonly PlannedFault[]): ReadonlyMap<number, readonly Fault[]> {
  const planned = new Map<number, Fault[]>();
  for (const { fault, at } of faults) planned.set(at, [...(planned.get(at) ?? []), fault]);
  return planned;
}
