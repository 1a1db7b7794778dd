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
    find: '  return together(PARTS, outlines, serviceSteps);',
    replace:
      '  return outlines.flatMap((one) => together(PARTS, [one], serviceSteps).map((step) => ({ ...step, id: outlines.length > 1 ? `${one.service}:${step.id}` : step.id })));',
    shape: 'together',
  },
  {
    name: 'who depends on others comes before them',
    file: FORWARD,
    find: 'return together(PARTS, outlines,',
    replace: 'return together(PARTS, outlines.toReversed(),',
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
    find: 'if (observation.fallback) return namedAfter',
    replace: "if (observation.fallback && service.service === '') return namedAfter",
    shape: 'together',
    under: ['database-away'],
  },
  {
    name: 'who is settled last is not taken on when an old routing is loaded again',
    file: STOP,
    find: '    if (command.step !== plan.pointOfNoReturn) await takeTrafficOn(context, pool);\n',
    replace: '',
    shape: 'together',
    under: ['balancer-reloaded'],
  },
  {
    name: 'traffic that is put back goes to where it was at first',
    file: STOP,
    find: 'splitsOf(context.plan.steps, context.service).at(-1)',
    replace: 'splitsOf(context.plan.steps, context.service).at(0)',
    shape: 'together',
    under: ['balancer-reloaded'],
  },
];
