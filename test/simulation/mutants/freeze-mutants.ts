import type { Mutant } from './mutant.ts';

const CLOSURE = 'src/core/deployment/closure.ts';
const PERFORM = 'src/engine/perform-command.ts';

export const freezeMutants: readonly Mutant[] = [
  {
    name: 'a freeze is known and not heeded',
    file: PERFORM,
    find: "if (command.whileClosed !== 'is-withheld') return null;",
    replace: "if (command.whileClosed !== 'waits') return null;",
    under: ['place-frozen'],
  },
  {
    name: 'a share may grow in a freeze',
    file: CLOSURE,
    find: "    case 'ensure-pool':\n    case 'apply-split':\n",
    replace: "    case 'apply-split':\n      return false;\n    case 'ensure-pool':\n",
    under: ['place-frozen'],
  },
  {
    name: 'an override stands for every freeze to come',
    file: CLOSURE,
    find: 'now.freezes.filter(({ id }) => !override?.freezes.includes(id));',
    replace: 'now.freezes.filter(() => override === null || override.freezes.length === 0);',
    under: ['place-frozen', 'place-frozen'],
  },
  {
    name: 'a rollback waits until a place is open',
    file: CLOSURE,
    find: "if (plan.kind !== 'deploy') return null;",
    replace: "if (plan.kind === 'repair') return null;",
    shape: 'rollback',
    under: ['place-frozen'],
  },
  {
    name: 'nobody finds out that a place is open again',
    file: 'src/engine/when-place-opens.ts',
    find: 'if (isOver() || isClosed) continue;',
    replace: 'if (isOver() || isClosed || plan.deployment > 0) continue;',
    under: ['place-frozen'],
  },
  {
    name: 'what waited through a freeze counts as begun',
    file: 'src/core/deployment/thaw.ts',
    find: 'closure: null, attempt: 1, observing: false };',
    replace: 'closure: null };',
    under: ['place-frozen', 'balancer-mute'],
  },
];
