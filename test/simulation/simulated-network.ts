/**
 * Every call that leaves a process, to a driver or to the store, goes through here: it takes time, is
 * counted, and may be struck by the faults that were planned for its number.
 */
import type { CallFault, PlannedFault, StruckFault } from './fault.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface CallSite {
  /** For example `balancer.apply`. */
  readonly name: string;
  /** What is thrown when the caller cannot know what became of it. */
  readonly lost: () => Error;
  readonly signal?: AbortSignal | undefined;
}

export interface Strike {
  readonly fault: CallFault;
  readonly process: SimulatedProcess;
}

export interface SimulatedNetwork {
  call<Result>(
    process: SimulatedProcess,
    site: CallSite,
    act: () => Promise<Result>,
  ): Promise<Result>;
  /** Names of all calls so far, in their order. */
  readonly calls: readonly string[];
  /** How often something may have changed in the world: rises with every call that arrives. */
  arrivals(): number;
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
  /** Carries out what strikes something else than the call itself. */
  readonly strike: (strike: Strike) => void;
}): SimulatedNetwork {
  const { time, random, faults } = options;
  const calls: string[] = [];
  const struck: StruckFault[] = [];
  let arrivals = 0;

  function faultsAt(at: number): readonly CallFault[] {
    const found = faults.filter((planned) => planned.at === at);
    struck.push(...found.map((planned) => ({ ...planned, step: options.step() })));
    return found.map(({ fault }) => fault);
  }

  return {
    calls,
    struck,
    arrivals: () => arrivals,
    call: (process, site, act) =>
      new Promise((resolve, reject) => {
        // A dead process has no next call; what it was about to say is never said.
        if (!process.isAlive()) return;
        const found = faultsAt(calls.length);
        calls.push(site.name);
        for (const fault of found) options.strike({ fault, process });
        const has = (fault: CallFault): boolean => found.includes(fault);
        if (has('killed-before')) return;
        const lose = (): void => process.deliver(() => reject(site.lost()));
        site.signal?.addEventListener('abort', lose, { once: true });
        const arrive = (answers: boolean) => async (): Promise<void> => {
          arrivals += 1;
          try {
            const result = await act();
            if (answers) process.deliver(() => resolve(result));
            else lose();
          } catch (error) {
            if (answers) process.deliver(() => reject(asError(error)));
            else lose();
          }
          site.signal?.removeEventListener('abort', lose);
          if (has('killed-after')) options.strike({ fault: 'killed-after', process });
        };
        const latencyMs = 1 + random.below(LATENCY_MS_MAX);
        if (has('hangs')) {
          if (!site.signal) time.after(LATE_MS, lose);
          return;
        }
        if (has('late')) {
          time.after(LATE_MS, () => void arrive(false)());
          time.after(latencyMs, lose);
          return;
        }
        if (has('request-lost')) {
          time.after(latencyMs, lose);
          return;
        }
        time.after(latencyMs, () => void arrive(!has('answer-lost') && !has('killed-after'))());
        if (has('duplicated')) time.after(LATE_MS, () => void arrive(false)());
      }),
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
