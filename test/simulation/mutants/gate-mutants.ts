import type { Mutant } from './mutant.ts';

const GATE = 'src/core/gates/judge-traffic.ts';
const TRAFFIC = 'src/core/gates/candidate-traffic.ts';
const WATCH = 'src/core/gates/watch-seconds.ts';
const WATCH_SPLIT = 'src/engine/actions/watch-split.ts';

export const gateMutants: readonly Mutant[] = [
  {
    name: 'a broken limit is ignored',
    file: GATE,
    find: "if (broken) return { verdict: 'ROLLBACK', reason: () => gateSentence(broken, limits), findings };",
    replace: '',
  },
  {
    name: 'too few samples are enough',
    file: GATE,
    find: "atLeast('samples', 'requests', atWeight, limits.samplesMin, atWeight)",
    replace: "atLeast('samples', 'requests', atWeight, 0, atWeight)",
  },
  {
    name: 'samples of an earlier split count',
    file: GATE,
    find: 'const atWeight = totals.bySequence[evidence.token.sequence] ?? 0;',
    replace: 'const atWeight = requests;',
  },
  {
    name: 'a split is not held for its time',
    file: GATE,
    find: "atLeast('held', 'ms', evidence.heldMs, limits.isHoldWaived ? 0 : limits.holdMs, atWeight),",
    replace: "atLeast('held', 'ms', evidence.heldMs, 0, atWeight),",
  },
  {
    name: 'slow answers are never proven',
    file: GATE,
    find: "return finding.metric === 'latency' && finding.samples >= limits.samplesMin;",
    replace: "return finding.metric === 'latency' && finding.samples < 0 * limits.samplesMin;",
  },
  {
    name: "a server's errors are not failures",
    file: TRAFFIC,
    find: 'return sample.serverErrors + sample.connectErrors',
    replace: 'return sample.connectErrors',
  },
  {
    name: 'one failure in the fewest samples is allowed',
    file: GATE,
    find: 'const failedMax = limits.errorRateMax * Math.max(requests, limits.samplesMin);',
    replace: 'const failedMax = Math.max(limits.errorRateMax * requests, limits.samplesMin);',
  },
  {
    name: 'a lapsed lease is not seen by the gate',
    file: GATE,
    find: 'if (fallback === null && isSame(observation.token, token) && observed === weight) return null;',
    replace: 'if (isSame(observation.token, token) || observed === weight) return null;',
    under: ['killed-before'],
  },
  {
    name: 'a trip is not seen by the gate',
    file: GATE,
    find: "if (fallback?.cause === 'tripped') {",
    replace: "if (fallback?.cause === 'tripped' && fallback.observed < 0) {",
    shape: 'compared',
  },
  {
    name: 'a split of somebody else is judged as if it were its own',
    file: GATE,
    find: 'const taken = trafficTakenAway(evidence, totals.requests);',
    replace: 'const taken = null as Judgement | null;',
    under: ['killed-before'],
  },
  {
    name: 'a verdict that is still open passes at the deadline',
    file: WATCH_SPLIT,
    find: "if (mayPass && judgement?.verdict === 'PASS') {",
    replace: "if (mayPass && judgement && judgement.verdict !== 'ROLLBACK') {",
    under: ['clients-silent'],
  },
  {
    name: 'a balancer that has not answered has passed',
    file: WATCH_SPLIT,
    find: "if (mayPass && judgement?.verdict === 'PASS') {",
    replace:
      "if (!judgement) return ok('Nothing is known.'); if (mayPass && judgement.verdict === 'PASS') {",
    under: ['hangs'],
  },
  {
    name: 'samples of the stable pool count',
    file: WATCH,
    find: 'pool === candidate && token.deployment === traffic.token.deployment',
    replace: 'token.deployment === traffic.token.deployment',
  },
  {
    name: 'samples that are read twice count twice',
    file: TRAFFIC,
    find: 'return `${epoch} ${second} ${token.sequence}`;',
    replace:
      'return `${epoch} ${second} ${token.sequence} ${(globalThis.mutantReads = (globalThis.mutantReads ?? 0) + 1)}`;',
  },
  {
    name: 'seconds that were added up are added once more',
    file: TRAFFIC,
    find: 'if (sample.second < fromSecond) continue;',
    replace: '',
    argued:
      'A gate that compares nothing asks only for seconds that are not added up; that others count them once is held by src/core/gates/candidate-traffic.test.ts.',
  },
  {
    name: 'samples that are read again are not brought up to date',
    file: TRAFFIC,
    find: 'latest.set(keyOf(sample), sample);',
    replace: 'if (!latest.has(keyOf(sample))) latest.set(keyOf(sample), sample);',
  },
  {
    name: 'the gate ends with its first look',
    file: WATCH_SPLIT,
    find: "return look.verdict === 'ROLLBACK' || (watch.mayPass && look.verdict === 'PASS');",
    replace: 'return true;',
  },
  {
    name: 'a bad verdict leaves the traffic where it is',
    file: WATCH_SPLIT,
    find: 'const zeroAtNs = fallback?.zeroAtNs ?? (await takeTrafficAway(context, zero));',
    replace: 'const zeroAtNs = fallback?.zeroAtNs ?? (zero.pools.length > 9 ? "" : null);',
    argued:
      'The command that fails takes the traffic away itself, right after, before anything is recorded: src/engine/perform-command.ts.',
  },
  {
    name: 'a driver that was overtaken judges on',
    file: WATCH_SPLIT,
    find: '    refuseOvertaken(context, observation, lease.token);\n',
    replace: '    void refuseOvertaken;\n',
    argued:
      'Since what it takes away it takes from its own split only, the balancer refuses it; and what it records is refused by the store.',
    under: ['second-controller', 'database-restarted', 'frozen'],
  },
];
