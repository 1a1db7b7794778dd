import type { Mutant } from './mutant.ts';

const ROUTING = 'src/core/routing/routing-state.ts';

export const routingMutants: readonly Mutant[] = [
  {
    name: 'the balancer follows old tokens',
    file: ROUTING,
    find: 'if (order < 0) return fenced(routing.scope, token, newest.token);',
    replace: '',
    under: ['late'],
  },
  {
    name: 'the balancer does not look at what is taken over',
    file: ROUTING,
    find: 'const overtaken = over ? overtakenRefusalOf(current, routing.scope, [over, token]) : null;',
    replace:
      'const overtaken = over ? overtakenRefusalOf(current, routing.scope, [current!.token]) : null;',
    under: ['second-controller', 'database-restarted'],
  },
  {
    name: 'a take-over must find what it was sent for, even when it has come before',
    file: ROUTING,
    find: 'overtakenRefusalOf(current, routing.scope, [over, token])',
    replace: 'overtakenRefusalOf(current, routing.scope, [over])',
    argued:
      'It was carried out all the same, and the revert that follows finds it in force; only the moment that is noted differs.',
  },
  {
    name: 'traffic that was taken away is given back',
    file: ROUTING,
    find: 'if (!gains) return null;',
    replace: 'return null;',
    under: ['frozen'],
  },
  {
    name: 'a lease that has ended is renewed',
    file: ROUTING,
    find: "  if (state.fallback !== null) {\n    return refused(lost(`The lease of ${scope} has ended: ${state.fallback.cause}.`));\n  }\n  return {\n    kind: 'renewed',\n    state: { ...state,",
    replace: "  return {\n    kind: 'renewed',\n    state: { ...state, fallback: null,",
    under: ['frozen'],
  },
  {
    name: 'a lease is renewed under an old token',
    file: ROUTING,
    find: '  if (compareTokens(token, state.token) < 0) return refused(fenced(scope, token, state.token));\n',
    replace: '',
    under: ['frozen', 'second-controller'],
    argued:
      'Who renews holds the lock, and who holds it drives: the lease it keeps is that of the deployment that it carries out.',
  },
  {
    name: 'a lease never lapses',
    file: ROUTING,
    find: 'if (!isLeaseAlive(state) || state.leaseDeadlineNs === null || nowNs < state.leaseDeadlineNs) {',
    replace: 'if (nowNs >= 0n || !isLeaseAlive(state)) {',
    under: ['frozen'],
  },
  {
    name: 'a lease is not renewed but only said to be',
    file: ROUTING,
    find: 'state: { ...state, leaseDeadlineNs: deadlineOf(state.routing, nowNs) },',
    replace: 'state,',
    under: ['target-away'],
  },
  {
    name: 'a balancer keeps its share when the lease has ended',
    file: ROUTING,
    find: 'if (state.fallback !== null) return pool === state.routing.stable ? 100 : 0;',
    replace: '',
    under: ['frozen'],
  },
  {
    name: 'failures are not counted',
    file: ROUTING,
    find: 'const observed = state.tripCounts[failed.rule] + 1;',
    replace: 'const observed = state.tripCounts[failed.rule];',
    under: ['samples-stale'],
  },
  {
    name: 'failures trip one too late',
    file: ROUTING,
    find: 'if (observed < limit || !isLeaseAlive(state)) return counted;',
    replace: 'if (observed <= limit || !isLeaseAlive(state)) return counted;',
    under: ['samples-stale'],
  },
  {
    name: 'failures of the stable pool trip the candidate',
    file: ROUTING,
    find: '  if (lease?.candidate !== failed.pool || state.token.deployment !== failed.deployment)\n    return state;',
    replace: '  if (!lease) return state;',
    argued:
      'The stable pool never fails a request in these worlds; src/core/routing has its own tests of what is counted.',
  },
  {
    name: 'a command that comes again begins its lease once more',
    file: ROUTING,
    find: "if (compareTokens(token, current.token) === 0) return { kind: 'unchanged' };",
    replace: '',
    under: ['duplicated', 'clients-silent'],
    argued:
      'Whoever sends it again renews the lease anyway, and one that has ended is refused all the same.',
  },
];
