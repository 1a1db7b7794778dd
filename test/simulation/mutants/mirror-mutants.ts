import type { Mutant } from './mutant.ts';

const ROUTING = 'src/core/routing/routing-state.ts';
const JUDGE = 'src/core/gates/judge-mirror.ts';

export const mirrorMutants: readonly Mutant[] = [
  {
    name: 'copies begin again when their lease has ended',
    file: ROUTING,
    find: '    routing.lease?.mirror !== undefined ||\n',
    replace: '',
    shape: 'mirrored',
    under: ['balancer-mute'],
  },
  {
    name: 'a single request that was compared is enough',
    file: JUDGE,
    find: "atLeast('mirrored', 'requests', settled, samplesMin, settled)",
    replace: "atLeast('mirrored', 'requests', settled, 1 + samplesMin * 0, settled)",
  },
  {
    name: 'what copies prove is not held against a release',
    file: JUDGE,
    find: "  if (isProven) return { verdict: 'ROLLBACK', reason: mirrorSentence(mirror), findings };\n",
    replace: '  void isProven;\n',
  },
  {
    name: 'slow answers to copies are never proven',
    file: JUDGE,
    find: 'if (!slow.met && timed >= limits.samplesMin) {',
    replace: 'if (!slow.met && timed < 0) {',
  },
  {
    name: 'a share of the traffic keeps the mirror',
    file: 'src/core/plan/lease-of.ts',
    find: '    trip: rollout.trip,\n',
    replace:
      '    trip: rollout.trip,\n    ...(rollout.mirror && { mirror: rollout.mirror.rules }),\n',
  },
  {
    name: 'nobody is told where copies go',
    file: 'src/engine/actions/apply-split.ts',
    find: '(split.lease?.mirror !== undefined && split.lease.candidate === pool)',
    replace: '(split.lease?.mirror !== undefined && split.lease.candidate !== pool)',
  },
];
