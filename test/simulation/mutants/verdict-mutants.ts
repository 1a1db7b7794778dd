import type { Mutant } from './mutant.ts';

const COMPARISON = 'src/core/verdict/comparison.ts';
const HANGS = 'src/core/routing/hang-evidence.ts';

/** In what finds a candidate to be worse than the release before, or to hang. */
export const verdictMutants: readonly Mutant[] = [
  {
    name: 'a comparison begins anew with each look',
    file: COMPARISON,
    find: 'const begun = before ?? beginning(policy.settings, pools, over);',
    replace: 'const begun = beginning(policy.settings, pools, over);',
    shape: 'compared',
  },
  {
    name: 'the second that runs is compared as if it were over',
    file: COMPARISON,
    find: 'for (let second = nextSecond(begun); second < nowSecond; second += 1) {',
    replace: 'for (let second = nextSecond(begun); second <= nowSecond; second += 1) {',
    shape: 'compared',
  },
  {
    name: 'the last second of a look is compared once more in the next',
    file: COMPARISON,
    find: 'return beforeSecond + state.lastTick + 1;',
    replace: 'return beforeSecond + Math.max(1, state.lastTick);',
    shape: 'compared',
  },
  {
    name: 'the candidate is compared with itself',
    file: COMPARISON,
    find: 'const stable = countsOf(at.samples, at.pools.stable);',
    replace: 'const stable = countsOf(at.samples, at.pools.candidate);',
    shape: 'compared',
  },
  {
    name: 'what is worse than the release before keeps its traffic',
    file: 'src/core/gates/judge-traffic.ts',
    find: 'if (compared?.isWorse) {',
    replace: 'if (compared?.isWorse && findings.length === 0) {',
    shape: 'compared',
  },
  {
    name: 'only the first share is compared',
    file: 'src/core/plan/judgement.ts',
    find: 'return compare.length > 0 && weight < 100;',
    replace: 'return compare.length > 0 && weight < 50;',
    shape: 'compared',
  },
  {
    name: 'what was compared at one share is not carried to the next',
    file: 'src/core/deployment/decide.ts',
    find: 'const comparison = evidence.comparison ?? state.comparison ?? null;',
    replace: 'const comparison = state.comparison ?? null;',
    shape: 'compared',
    argued:
      'The balancer keeps its counts for a quarter of an hour, and the same seconds are taken in again; src/core/deployment/carried-comparison.test.ts holds that it need not.',
  },
  {
    name: 'a hang is found, and the traffic stays',
    file: 'src/core/routing/routing-state.ts',
    find: '  if (!isLeaseAlive(state)) return state;\n  const { sinceNs, ...found } = hang;',
    replace:
      '  if (state.token.deployment > 0) return state;\n  const { sinceNs, ...found } = hang;',
    shape: 'compared',
  },
  {
    name: 'evidence of a hang begins anew with each moment',
    file: HANGS,
    find: 'beside: logAddExp(evidence.lnE.beside, begun) + beside,',
    replace: 'beside: begun + beside,',
    shape: 'compared',
  },
  {
    name: 'late requests of the candidate are not counted',
    file: HANGS,
    find: 'const { sent, late } = candidate;',
    replace: 'const { sent, late } = { ...candidate, late: 0 };',
    shape: 'compared',
  },
  {
    name: 'the lease says nothing of hangs',
    file: 'src/core/plan/lease-of.ts',
    find: '    trip: rollout.trip,\n',
    replace: '    trip: { ...rollout.trip, hangAfterMs: 60_000 },\n',
    shape: 'compared',
  },
  {
    name: 'nobody is told of a hang that the balancer has found',
    file: 'src/core/routing/routing-observation.ts',
    find: '    fallback: state.fallback,\n',
    replace:
      "    fallback: state.fallback?.cause === 'tripped' && state.fallback.rule === 'hangs' ? null : state.fallback,\n",
    shape: 'compared',
  },
];
