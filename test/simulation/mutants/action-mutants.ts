import type { Mutant } from './mutant.ts';

const SPLIT = 'src/engine/actions/apply-split.ts';
const PROBES = 'src/engine/actions/run-probes.ts';
const ENSURE = 'src/engine/actions/ensure-pool.ts';
const STOP = 'src/engine/actions/stop-pool.ts';
const CHECK = 'src/engine/actions/check-pools.ts';

export const actionMutants: readonly Mutant[] = [
  {
    name: 'a probe that fails is taken for one that passes',
    file: PROBES,
    find: 'result.ok ? tally.streak + 1 : 0',
    replace: 'tally.streak + 1',
  },
  {
    name: 'one instance is probed for all',
    file: PROBES,
    find: 'const subjects = instances.map(({ id, host, port }) => ({ name: id, host, port }));',
    replace:
      'const subjects = instances.slice(1).map(({ id, host, port }) => ({ name: id, host, port }));',
  },
  {
    name: 'one that passes is enough for all',
    file: PROBES,
    find: 'tallies.every(({ streak })',
    replace: 'tallies.some(({ streak })',
    under: ['probes-flap'],
  },
  {
    name: 'a candidate with too few instances is probed',
    file: PROBES,
    find: '  if (instances.length !== pool.instances) {',
    replace: '  if (instances.length > pool.instances) {',
    argued:
      'A target that knows a pool shows all of its instances here; src/engine/actions/run-probes.test.ts has one that does not.',
  },
  {
    name: 'a candidate that was restarted is confirmed',
    file: PROBES,
    find: 'find(({ unexpectedExits }) => unexpectedExits > 0);',
    replace: 'find(({ unexpectedExits }) => unexpectedExits > 9);',
    under: ['candidate-crashed'],
  },
  {
    name: 'an instance that has exited is probed until the deadline',
    file: PROBES,
    find: "find((instance) => instance.state === 'exited');",
    replace: "find((instance) => instance.state === 'stopping' as never);",
    under: ['candidate-crashed'],
    argued:
      'The probe fails at its deadline two seconds later, with another reason and the same end.',
  },
  {
    name: 'the stable pool is probed as strictly as a candidate',
    file: PROBES,
    find: '  return pool !== service.candidate.pool;',
    replace: '  return pool !== service.candidate.pool && service.candidate.pool === "";',
    under: ['stable-crashed'],
  },
  {
    name: 'a pool is said to run after an unknown outcome',
    file: ENSURE,
    find: "    found?.desired === 'running' &&",
    replace: "    found?.desired !== 'stopped' || found?.desired === 'stopped' &&",
    under: ['request-lost'],
  },
  {
    name: 'a pool that runs as before is taken for one as wanted',
    file: ENSURE,
    find: '    found.restart === pool.restart &&\n',
    replace: '',
    under: ['request-lost'],
  },
  {
    name: 'a pool that still starts is said to run',
    file: ENSURE,
    find: "found.instances.every((instance) => instance.state === 'accepting')",
    replace: "found.instances.every((instance) => instance.state !== 'stopping' as never)",
    under: ['answer-lost'],
    argued: 'The probes that follow find out, and the same revert comes of it.',
  },
  {
    name: 'any token is good for a split that is looked for',
    file: SPLIT,
    find: '    observation.token.deployment === token.deployment &&\n    observation.token.sequence === token.sequence &&\n',
    replace: '    token !== null &&\n',
    under: ['request-lost'],
  },
  {
    name: 'a split is accepted without being read back',
    file: SPLIT,
    find: '  if (difference) {\n    if (observation.fallback)',
    replace: '  if (difference === "") {\n    if (observation.fallback)',
    under: ['killed-again'],
    argued:
      'Only a lease that has ended can differ, and the gate that follows looks for that first.',
  },
  {
    name: 'a revert asks the target, too',
    file: SPLIT,
    find: 'split.weights.some((routed) => getsRequests(routed) && !isKnown(routed.pool));',
    replace: 'split.weights.length >= 0;',
    under: ['target-away', 'candidate-crashed'],
  },
  {
    name: 'a pool is routed to without its endpoints',
    file: SPLIT,
    find: 'if (getsRequests({ pool, weight }) && endpoints.length === 0) {',
    replace: 'if (weight > 100 && endpoints.length === 0) {',
    argued:
      'A split is written when every pool with weight is known to balancer or target; src/engine/actions/apply-split.test.ts has a target that forgot.',
  },
  {
    name: 'a pool is stopped without a look at the split',
    file: STOP,
    find: 'if (weight === 0) return lack;',
    replace: 'if (weight >= 0) return lack;',
    under: ['balancer-reloaded'],
  },
  {
    name: 'a pool is said to be stopped after an unknown outcome',
    file: STOP,
    find: "found.desired === 'stopped' &&",
    replace: "found.desired !== 'unknown' ||",
    under: ['request-lost'],
  },
  {
    name: 'a pool that does not exist is not yet stopped',
    file: STOP,
    find: '>= 0);',
    replace: '> 0);',
    under: ['aborted', 'request-lost'],
    argued: 'It is stopped once more, which changes nothing.',
  },
  {
    name: 'a drain that the balancer does not answer is never over',
    file: 'src/engine/actions/drain-pool.ts',
    find: 'return inFlight === 0 || elapsedMs(context.clock, startedNs) >= waitMs;',
    replace: 'return inFlight === -1 && elapsedMs(context.clock, startedNs) >= waitMs;',
  },
  {
    name: 'a drain waits for nothing',
    file: 'src/engine/actions/drain-pool.ts',
    find: 'return inFlight === 0 || elapsedMs(context.clock, startedNs) >= waitMs;',
    replace: 'return inFlight !== -1 || elapsedMs(context.clock, startedNs) >= waitMs;',
    argued:
      'Nothing is in flight between two events here; src/engine/actions/drain-pool.test.ts and the tests of the edge have requests that are.',
  },
  {
    name: 'a service is deployed to, whatever runs',
    file: CHECK,
    find: "if (difference !== null) return failed('capacity-missing', difference);",
    replace: 'void failed;',
    argued:
      'Every run begins with a whole stable pool that the target restarts; src/engine/actions/check-pools.test.ts begins with others.',
  },
  {
    name: 'a target that does not answer shows what is expected',
    file: CHECK,
    find: 'let difference: string | null = NO_ANSWER;',
    replace: 'let difference: string | null = null;',
    under: ['hangs'],
    argued:
      'What it would have shown is as expected in each of these worlds; src/engine/actions/check-pools.test.ts asks for the answer.',
  },
  {
    name: 'the state after a revert is not looked at',
    file: 'src/engine/actions/verify-state.ts',
    find: 'if (split !== null) return differs(split);',
    replace: '',
    argued:
      'Whenever it is reached the split is right, unless one of the other mutants is there as well or somebody has loaded another one just then; src/engine/actions/verify-state.test.ts has wrong ones.',
  },
  {
    name: 'a candidate is stopped under a split that knows no tokens',
    file: 'src/engine/actions/stop-pool.ts',
    find: 'const isOurs = routed === null || compareTokens(routed.token, command.revertToken) >= 0;',
    replace: 'const isOurs = true;',
    under: ['balancer-reloaded', 'late'],
    argued:
      'It takes a reload within the revert, a share that comes twenty seconds late, and a revert that stands still until then; src/engine/actions/stop-pool.test.ts notices.',
  },
  {
    name: 'the way back is taken for tried',
    file: 'src/engine/actions/drill-revert.ts',
    find: 'const applied = await applySplit(context, { split });',
    replace: 'const applied = ok(`${applySplit.name} ${split.stable ?? ""}`);',
  },
];
