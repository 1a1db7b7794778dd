/** Faults planted into the protocol, one at a time, each of which the observer must notice. */
export interface Mutant {
  readonly name: string;
  /** Path of the changed file below `src`. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly find: string;
  readonly replace: string;
}

export const mutants: readonly Mutant[] = [
  {
    name: 'a frozen controller takes traffic away from whoever went on',
    file: 'engine/take-traffic-away.ts',
    find: '...(command.lease && { over: command.lease.token }),',
    replace: '',
  },
  {
    name: 'the balancer follows old tokens',
    file: 'core/routing/routing-state.ts',
    find: 'if (order < 0) return fenced(routing.scope, token, newest.token);',
    replace: '',
  },
  {
    name: 'a broken limit is ignored',
    file: 'core/gates/judge-traffic.ts',
    find: "if (broken) return { verdict: 'ROLLBACK', reason: sentence(broken, limits), findings };",
    replace: '',
  },
  {
    name: 'too few samples are enough',
    file: 'core/gates/judge-traffic.ts',
    find: "atLeast('samples', 'requests', atWeight, limits.samplesMin, atWeight)",
    replace: "atLeast('samples', 'requests', atWeight, 0, atWeight)",
  },
  {
    name: 'a command takes the token of the one before',
    file: 'core/deployment/decide.ts',
    find: 'const sequence = lastSequence(state) + (state.observing ? 0 : 1);',
    replace: 'const sequence = Math.max(lastSequence(state), 1);',
  },
  {
    name: 'a revert begins with its second step',
    file: 'core/deployment/decide.ts',
    find: "mode: 'reverting',\n    position: 0,",
    replace: "mode: 'reverting',\n    position: 1,",
  },
  {
    name: 'a failure behind the point of no return reverts',
    file: 'core/deployment/decide.ts',
    find: "const mustGoOn = state.mode === 'reverting' || isPastReturn(plan, state);",
    replace: "const mustGoOn = state.mode === 'reverting';",
  },
  {
    name: 'an intent is not recorded',
    file: 'engine/perform-command.ts',
    find: "          entry(plan, `${key} issued`, {\n            kind: 'CommandIssued',",
    replace: "          entry(plan, `${key} issued`, {\n            kind: 'Nothing',",
  },
  {
    name: 'a probe that fails is taken for one that passes',
    file: 'engine/actions/run-probes.ts',
    find: 'result.ok ? (streaks.get(pair) ?? 0) + 1 : 0',
    replace: '(streaks.get(pair) ?? 0) + 1',
  },
  {
    name: 'the old release is retired before the balancer has left it',
    file: 'core/plan/forward-steps.ts',
    find: 'split: settledSplit(candidate, [stable]) },',
    replace: 'split: settledSplit(stable, [candidate]) },',
  },
  {
    name: 'the candidate is left running by a revert',
    file: 'core/plan/revert-steps.ts',
    find: "action: { kind: 'stop-pool', pool: candidate.pool, graceMs: candidate.stopGraceMs },",
    replace: "action: { kind: 'drain-pool', pool: candidate.pool, waitMs: 0 },",
  },
  {
    name: 'the new release is not restarted when it exits',
    file: 'core/plan/forward-steps.ts',
    find: "      title: 'Have its instances restarted from now on when they exit',\n      action: { kind: 'ensure-pool', pool: { ...candidate, restart: 'always' } },\n      deadlineMs: ensureDeadlineMs(candidate),\n    }),\n    step({\n      id: 'drain-old',",
    replace:
      "      title: 'Nothing',\n      action: { kind: 'ensure-pool', pool: candidate },\n      deadlineMs: ensureDeadlineMs(candidate),\n    }),\n    step({\n      id: 'drain-old',",
  },
];
