/** Replays as the durable engine does, for one workflow: results are kept, and only its owner adds some. */
import type { DurableSteps } from '../../src/engine/carry-out-deployment.ts';
import type { SimulatedProcess } from './simulated-process.ts';

export interface JournalEntry {
  readonly name: string;
  readonly result: unknown;
}

export interface DurableJournal {
  /** What is kept, in its order. */
  readonly entries: readonly JournalEntry[];
  /** A new replay by the process, which owns the workflow from now on. */
  replay(process: SimulatedProcess): DurableSteps;
  /** The durable engine gives the workflow up for good; false when it has before. */
  giveUp(): boolean;
  isGivenUp(): boolean;
}

class Disowned extends Error {}

export function createDurableJournal(): DurableJournal {
  const results: JournalEntry[] = [];
  let owner: SimulatedProcess | null = null;
  let isGivenUp = false;
  return {
    entries: results,
    isGivenUp: () => isGivenUp,
    giveUp() {
      const isFirst = !isGivenUp;
      isGivenUp = true;
      owner = null;
      return isFirst;
    },
    replay(process) {
      owner = process;
      let position = 0;
      return {
        isDisowned: (error) => error instanceof Disowned,
        async run<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
          const kept = results[position];
          position += 1;
          if (kept) {
            if (kept.name !== name) throw new Error(`${name} runs where ${kept.name} ran before.`);
            return kept.result as Result;
          }
          const result = await work();
          if (owner !== process) throw new Disowned();
          results.push({ name, result });
          return result;
        },
      };
    },
  };
}
