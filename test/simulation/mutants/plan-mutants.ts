import type { Mutant } from './mutant.ts';

const FORWARD = 'src/core/plan/service-steps.ts';
const SHIFT = 'src/core/plan/shift-traffic.ts';
const LEASE = 'src/core/plan/lease-of.ts';
const REVERT = 'src/core/plan/revert-steps.ts';
const OUTLINE = 'src/core/plan/outline.ts';

export const planMutants: readonly Mutant[] = [
  {
    name: 'the old release is retired before the balancer has left it',
    file: FORWARD,
    find: 'split: settledSplit(candidate, [stable]) },',
    replace: 'split: settledSplit(stable, [candidate]) },',
  },
  {
    name: 'the old release is retired while the new one is leased',
    file: FORWARD,
    find: 'return stable ? replacement(outline, stable) : firstDeployment(outline);',
    replace:
      'if (!stable) return firstDeployment(outline); const steps = replacement(outline, stable); return steps.toSpliced(-3, 2, steps.at(-2)!, steps.at(-3)!);',
  },
  {
    name: 'the old release is never taken out of the balancer',
    file: FORWARD,
    find: 'return stable ? replacement(outline, stable) : firstDeployment(outline);',
    replace:
      'return stable ? replacement(outline, stable).slice(0, -1) : firstDeployment(outline);',
  },
  {
    name: 'the new release is not restarted when it exits',
    file: FORWARD,
    find: "action: { kind: 'ensure-pool', pool: { ...candidate, restart: 'always' } },",
    replace: "action: { kind: 'ensure-pool', pool: candidate },",
  },
  {
    name: 'the traffic is shifted and not judged',
    file: SHIFT,
    find: 'return judged ? [...approve, ...growth, shift, judge] : [shift];',
    replace: 'return judged ? [...approve, ...growth, shift] : [shift];',
  },
  {
    name: 'the last look before the old release is given up is left out',
    file: FORWARD,
    find: '    confirm: confirmCandidate(outline, stable),\n',
    replace: '    confirm: [],\n',
  },
  {
    name: 'a candidate gets traffic that was not probed',
    file: FORWARD,
    find: "      action: { kind: 'probe-pool', pool: first, policy: probing },\n      deadlineMs: probing.deadlineMs,\n    }),\n  ];",
    replace: "      action: { kind: 'check-pools', running: [], as: 'any' },\n    }),\n  ];",
  },
  {
    name: 'a split has no lease',
    file: SHIFT,
    find: 'lease: leaseOf(candidate, rollout, beside),',
    replace: 'lease: null,',
  },
  {
    name: 'a lease lasts ten times as long',
    file: LEASE,
    find: 'ttlMs: rollout.leaseTtlMs,',
    replace: 'ttlMs: rollout.leaseTtlMs * 10,',
    under: ['frozen'],
  },
  {
    name: 'a lease falls back to the candidate',
    file: SHIFT,
    find: '    stable: stable.pool,\n    lease: leaseOf',
    replace: '    stable: candidate.pool,\n    lease: leaseOf',
    under: ['frozen'],
  },
  {
    name: 'nothing trips',
    file: LEASE,
    find: 'trip: rollout.trip,',
    replace: 'trip: { connectErrors: 1_000_000, serverErrors: 1_000_000, timeouts: 1_000_000 },',
    under: ['samples-stale'],
  },
  {
    name: 'the first share is all of the traffic',
    file: SHIFT,
    find: '{ pool: candidate.pool, version: candidate.release.version, weight },',
    replace: '{ pool: candidate.pool, version: candidate.release.version, weight: 100 },',
  },
  {
    name: 'the first share is judged for all of them',
    file: SHIFT,
    find: '      action: judgement(outline, stable, stage),',
    replace: '      action: judgement(outline, stable, stages[0] ?? stage),',
  },
  {
    name: 'a baseline gets nothing of the traffic',
    file: SHIFT,
    find: 'const beside = weight < 100 ? baseline : null;',
    replace: 'const beside = weight < 1 ? baseline : null;',
  },
  {
    name: 'a baseline is sent traffic unprobed',
    file: 'src/core/plan/prepare-baseline.ts',
    find: "action: { kind: 'probe-pool', pool: baseline, policy: rollout.probing },",
    replace: "action: { kind: 'check-pools', running: [], as: 'any' },",
  },
  {
    name: 'the end of a baseline takes all traffic back',
    file: 'src/core/plan/remove-baseline.ts',
    find: 'graceMs: stopGraceMs, onlyIdle: true },',
    replace: 'graceMs: stopGraceMs },',
  },
  {
    name: 'a baseline is kept when the candidate has all traffic',
    file: FORWARD,
    find: '      ...removeBaseline(outline),\n',
    replace: '',
  },
  {
    name: 'a revert leaves the baseline running',
    file: REVERT,
    find: '    ...passing(outline).flatMap((pool) => drainAndStop(outline, pool)),',
    replace: '    ...drainAndStop(outline, candidate),',
  },
  {
    name: 'the point of no return is the end of a baseline',
    file: 'src/core/plan/compile-plan.ts',
    find: 'services.some(({ stable }) => stable?.pool === action.pool);',
    replace: 'services.some(({ stable }) => stable !== null);',
  },
  {
    name: 'a batch is given its share before it is started',
    file: SHIFT,
    find: 'return judged ? [...approve, ...growth, shift, judge] : [shift];',
    replace: 'return judged ? [shift, judge, ...growth] : [shift];',
  },
  {
    name: 'a batch is given its share unprobed',
    file: SHIFT,
    find: "      action: { kind: 'probe-pool', pool, policy: rollout.probing },",
    replace: "      action: { kind: 'check-pools', running: [], as: 'any' },",
  },
  {
    name: 'a share is larger than the batches that carry it',
    file: 'src/core/plan/stages-of.ts',
    find: 'weight: Math.floor((100 * size) / instances),',
    replace: 'weight: Math.min(100, Math.floor((100 * size) / instances) + 10),',
  },
  {
    name: 'what a candidate has grown by is not routed to',
    file: 'src/engine/actions/apply-split.ts',
    find: '>= (sizes.get(pool) ?? 1);',
    replace: '>= 1;',
  },
  {
    name: 'the old release is not kept for as long as was said',
    file: FORWARD,
    find: '{ ...last, holdMs: last.holdMs + keepOldMs }',
    replace: 'last',
  },
  {
    name: 'the old release is kept behind the last look',
    file: FORWARD,
    find: '      ...keepOld(outline, stable),\n      ...drainOld(outline, stable),\n    ],\n    confirm: confirmCandidate(outline, stable),',
    replace:
      '      ...drainOld(outline, stable),\n    ],\n    confirm: [...confirmCandidate(outline, stable), ...keepOld(outline, stable)],',
  },
  {
    name: 'the candidate is left running by a revert',
    file: REVERT,
    find: "action: { kind: 'stop-pool', pool: pool.pool, graceMs: pool.stopGraceMs },",
    replace: "action: { kind: 'drain-pool', pool: pool.pool, waitMs: 0 },",
  },
  {
    name: 'a revert leaves the traffic with the candidate',
    file: REVERT,
    find: 'split: stable ? settledSplit(stable, passing(outline)) : CLOSED_SPLIT,',
    replace: 'split: stable ? settledSplit(candidate, [stable]) : CLOSED_SPLIT,',
  },
  {
    name: 'a revert does not probe what it returns to',
    file: REVERT,
    find: "restore: stable && as === 'whole' ? restoreStable(outline, stable) : [],",
    replace: "restore: stable && as === 'any' ? restoreStable(outline, stable) : [],",
  },
  {
    name: 'a revert leaves the candidate known to the balancer',
    file: REVERT,
    find: "action: { kind: 'apply-split', split: before },",
    replace:
      "action: { kind: 'apply-split', split: stable ? settledSplit(stable, [candidate]) : before },",
  },
  {
    name: 'the way back ends after a few attempts',
    file: OUTLINE,
    find: 'export const ATTEMPTS_MAX_PERSISTENT = 120;',
    replace: 'export const ATTEMPTS_MAX_PERSISTENT = 2;',
    under: ['target-mute'],
  },
  {
    name: 'an agent that restarts is given up at once',
    file: OUTLINE,
    find: 'export const ATTEMPTS_MAX = 30;',
    replace: 'export const ATTEMPTS_MAX = 1;',
    under: ['request-lost'],
  },
  {
    name: 'a look is said to change something',
    file: 'src/core/plan/changes-nothing.ts',
    find: "    case 'probe-pool':\n",
    replace: "    case 'probe-pool':\n      return false;\n",
    under: ['hangs'],
  },
  {
    name: 'a split is said to change nothing',
    file: 'src/core/plan/changes-nothing.ts',
    find: "    case 'apply-split':\n",
    replace: "    case 'apply-split':\n      return true;\n",
    under: ['hangs'],
  },
  {
    name: 'a first release is restarted before it has its traffic',
    file: FORWARD,
    find: '    // While nothing is restarted, what is sent traffic is what was probed.\n',
    replace: "    settleCandidate(candidate, 'rollout'),\n",
  },
  {
    name: 'a first release is not probed under its traffic',
    file: FORWARD,
    find: 'const confirm = [probeOnceMore(outline), verifyService(outline), ',
    replace: 'const confirm = [verifyService(outline), ',
  },
  {
    name: 'a rollback is judged like a release that never served',
    file: SHIFT,
    find: "const judged = outline.kind !== 'rollback';",
    replace: 'const judged = true;',
  },
  {
    name: 'a repair waits for what is broken to be whole',
    file: OUTLINE,
    find: "return kind === 'deploy' ? 'whole' : 'any';",
    replace: "return kind === 'rollback' ? 'any' : 'whole';",
  },
  {
    name: 'the revert of a repair restores what was found broken',
    file: REVERT,
    find: "restore: stable && as === 'whole' ? restoreStable(outline, stable) : [],",
    replace: 'restore: stable ? restoreStable(outline, stable) : [],',
  },
  {
    name: 'a first release is sent traffic though an instance is missing',
    file: FORWARD,
    find: 'split: settledSplit(candidate), whole: [candidate] },',
    replace: 'split: settledSplit(candidate) },',
    under: ['candidate-crashed'],
    argued:
      'An instance may end right behind any look, so that nothing is said of it from outside; src/engine/actions/apply-split.test.ts notices.',
  },
];
