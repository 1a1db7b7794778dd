/** Has the author's own programs put what was restored in the place of what is live: only they know where that is. */
import { operationalError } from '../../../core/operational-error.ts';
import { inScratch, type ScratchAsked } from '../../../platform/noted-scratch.ts';
import type { Switching } from '../../contract.ts';
import type { CommandConfig } from './config.ts';
import { restoreByCommand } from './restore-by-command.ts';
import { runOwn } from './run-own.ts';

/** Null where none is told. What of it is there only they can tell, so that they are asked anew each time. */
export function switchByCommand(
  config: CommandConfig,
  asked: Pick<ScratchAsked, 'stateDirectory'>,
): Switching | null {
  const { switch: words, back, environment } = config;
  if (!words) return null;
  const run = (
    own: readonly string[],
    places: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) =>
    inScratch('command', asked, async ({ folder: directory, remove }) => {
      await runOwn({
        ...{ words: own, places, environment, directory, signal, outputFile: null },
        failure: (why) => operationalError('not-switched', `${why}.`, { effect: 'unknown' }),
      });
      await remove();
    });
  return {
    state: (id) =>
      Promise.resolve({
        kind: 'none',
        names: {
          ...{ live: 'what is live', restored: 'what was restored' },
          ...{ kept: `what was live before ${id}`, undone: `what was live since ${id}` },
        },
      }),
    live: () => Promise.resolve(null),
    users: () => Promise.resolve([]),
    async restoreBeside(content, id, { signal }) {
      const restored = await restoreByCommand(content, config, { ...asked, signal });
      return {
        parts: () => restored.parts(),
        faults: () => restored.faults(),
        remove: () => restored.remove(),
        async switchIn(context) {
          await run(words, { folder: restored.address, id }, context.signal);
          await restored.remove();
        },
      };
    },
    finish: () => Promise.resolve(),
    async back(id, { signal }) {
      if (back) {
        await run(back, { id }, signal);
        return true;
      }
      const message = 'No `back` says how it is taken back. Declare it beside `switch`.';
      throw operationalError('not-switched', message);
    },
  };
}
