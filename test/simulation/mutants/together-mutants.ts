import type { Mutant } from './mutant.ts';

const FORWARD = 'src/core/plan/forward-steps.ts';
const PERFORM = 'src/engine/perform-command.ts';
const BESIDE = 'src/engine/watch-beside.ts';
const STOP = 'src/engine/actions/stop-pool.ts';

export const togetherMutants: readonly Mutant[] = [
  {
    name: 'old releases end before all new ones are settled',
    file: FORWARD,
    find: "  'settle',\n  'retire',\n",
    replace: "  'retire',\n  'settle',\n",
    shape: 'together',
  },
  {
    name: 'each service goes its whole way before the next begins',
    file: FORWARD,
    find: '  return TOGETHER.flatMap((part) =>\n    ways.flatMap(({ outline, steps }) => scoped(outline, steps[part], outlines.length > 1)),\n  );',
    replace:
      '  return ways.flatMap(({ outline, steps }) =>\n    TOGETHER.flatMap((part) => scoped(outline, steps[part], outlines.length > 1)),\n  );',
    shape: 'together',
  },
  {
    name: 'who depends on others comes before them',
    file: FORWARD,
    find: '  return TOGETHER.flatMap((part) =>\n    ways.flatMap(',
    replace: '  return TOGETHER.flatMap((part) =>\n    ways.toReversed().flatMap(',
    shape: 'together',
  },
  {
    name: 'a failure takes only the traffic of its own service away',
    file: PERFORM,
    find: 'command.leases.find((held) => held.scope === scope) ?? leaseAtHand(command, scope);',
    replace: 'command.leases.find((held) => held.scope === scope && scope === command.scope);',
    shape: 'together',
  },
  {
    name: 'a step begins though a service that it may count on has lost its traffic',
    file: BESIDE,
    find: '    if (observation.fallback) {',
    replace: '    if (observation.fallback && plan.services.length === 0) {',
    shape: 'together',
    under: ['database-away'],
  },
  {
    name: 'who is settled last is not taken on when an old routing is loaded again',
    file: STOP,
    find: '    await takeTrafficOn(context, pool);\n',
    replace: '',
    shape: 'together',
    under: ['balancer-reloaded'],
  },
  {
    name: 'the split of another service is written where a pool is stopped',
    file: STOP,
    find: 'step.scope === scope && action.kind',
    replace: "scope !== '' && action.kind",
    shape: 'together',
    under: ['balancer-reloaded'],
  },
];
