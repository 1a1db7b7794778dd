/** Replays as the durable engine does: what a step gave once, it gives for ever. */
import type { DurableSteps } from '../../../src/engine/carry-out-deployment.ts';

export interface Journal extends DurableSteps {
  /** Names of the steps that ended, in their order. */
  readonly ended: readonly string[];
  /** Awaited when a step's work has ended but is not kept yet. */
  atStepEnd(step: string): Promise<void> | void;
  /** The next replay begins at the first step. */
  rewind(): void;
}

export function createJournal(): Journal {
  const results: { readonly name: string; readonly text: string | undefined }[] = [];
  let position = 0;
  const journal: Journal = {
    get ended() {
      return results.map(({ name }) => name);
    },
    atStepEnd: () => undefined,
    rewind() {
      position = 0;
    },
    isDisowned: () => false,
    async run<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
      const kept = results[position];
      if (kept === undefined) {
        const result = await work();
        await journal.atStepEnd(name);
        // As JSON, as in the database: what does not survive it must not be relied upon.
        results.push({ name, text: JSON.stringify(result) });
      } else if (kept.name !== name) {
        throw new Error(`The replay runs ${name} where ${kept.name} ran before.`);
      }
      const { text } = results[position] ?? {};
      position += 1;
      return (text === undefined ? undefined : JSON.parse(text)) as Result;
    },
  };
  return journal;
}
