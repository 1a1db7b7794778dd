import { testBadInputs } from '../../test/support/config/bad-input-table.ts';
import { configText } from '../../test/support/config/config-text.ts';

const atLine = (line: string, to: string) => configText([line, to]);
/** A pool of two instances. */
const rollingBy = (batch: string) =>
  configText([
    'strategy: canary\n      weights: [10, 50, 100]',
    `strategy: rolling\n      batch: ${batch}`,
  ]);

const withBaseline = (instances: string) =>
  configText(['strategy: canary', `strategy: canary\n      baseline: { instances: ${instances} }`]);
const comparing = (text: string) => text.replace('errorRate: 0%', 'compare: [errors]');

testBadInputs([
  {
    title: 'comparing where nothing is left beside the candidate',
    text: configText(
      ['strategy: canary\n      weights: [10, 50, 100]', 'strategy: blue-green'],
      ['errorRate: 0%', 'compare: [errors]'],
    ),
    says: [/:34:18: blue-green gives .* leave compare out .*, or say strategy: canary$/],
  },
  {
    title: 'a key of another strategy',
    text: configText(['strategy: canary', 'strategy: blue-green']),
    says: [
      ':28:16: weights belongs to the strategy canary, and this one is blue-green; leave it out or say strategy: canary',
    ],
  },
  {
    title: 'a key of another strategy than the default',
    text: atLine('strategy: canary', 'proof: 30'),
    says: [/:27:14: proof belongs to the strategy blue-green, and this one is canary/],
  },
  {
    title: 'weights that an earlier rolling had',
    text: configText(['strategy: canary', 'strategy: rolling']),
    says: [
      ':28:16: weights belongs to the strategy canary, and this one is rolling; leave it out or say strategy: canary',
    ],
  },
  {
    title: 'a batch that is larger than the pool',
    text: rollingBy('3'),
    says: [':28:14: a batch of 3 is larger than the pool of 2 instances; choose a smaller one'],
  },
  {
    title: 'a batch that is the whole pool',
    text: rollingBy('60%'),
    says: [
      /^:28:14: one batch holds all 2 instances.*; choose a smaller one, or say strategy: blue-green$/,
    ],
  },
  {
    title: 'rolling over one instance',
    text: rollingBy('1').replace('instances: 2', 'instances: 1'),
    says: [/^:28:14: a pool of 1 instance cannot roll/],
  },
  {
    title: 'a batch of nothing',
    text: rollingBy('0%'),
    says: [/^:28:14: batch: must be above 0%/],
  },
  {
    title: 'a batch that is no number of instances',
    text: rollingBy('0'),
    says: [/^:28:14: batch: /],
  },
  {
    title: 'a baseline that nothing is compared with',
    text: withBaseline('1'),
    says: [/^:28:17: nothing is compared with the baseline; say gate: \{ compare/],
  },
  {
    title: 'a baseline beside more than half of the traffic',
    text: comparing(withBaseline('2')).replace('[10, 50, 100]', '[10, 80, 100]'),
    says: [/^:28:17: it takes as much traffic as the candidate, and beside 80 %/],
  },
  {
    title: 'a baseline that is too small for its share',
    text: comparing(withBaseline('1')).replace('instances: 2', 'instances: 6'),
    says: [/^:28:17: 1 instance cannot carry the 50 % that 3 of 6 serve now; say instances: 3/],
  },
  {
    title: 'a baseline beside another strategy',
    text: rollingBy('1').replace('batch: 1', 'batch: 1\n      baseline: {}'),
    says: [/^:29:17: baseline belongs to the strategy canary, and this one is rolling/],
  },
  {
    title: 'a baseline of nothing',
    text: comparing(withBaseline('0')),
    says: [/instances: must be at least 1, not 0/],
  },
  {
    title: 'a strategy that is none',
    text: atLine('strategy: canary', 'strategy: yolo'),
    says: [/:27:17: strategy: must be/],
  },
  {
    title: 'weights and steps',
    text: atLine('strategy: canary', 'steps: [{ weight: 100 }]'),
    says: [
      ':28:16: steps and weights say the same thing twice; leave weights out, each step has its weight',
    ],
  },
  {
    title: 'steps that do not rise and do not end',
    text: configText(['weights: [10, 50, 100]', 'steps: [{ weight: 50 }, { weight: 10 }]']),
    says: [
      ':28:41: weight: 10 does not rise above 50; every weight must be greater than the one before it',
      ':28:41: weight: the last weight is 10; it must be 100, or the release never takes all traffic',
    ],
  },
  {
    title: 'a step that holds longer than its deadline',
    text: configText([
      'weights: [10, 50, 100]',
      'steps: [{ weight: 50, holdFor: 60s }, { weight: 100 }]',
    ]),
    says: [
      /:28:38: holdFor \(1m\) must be shorter than the gate's deadline \(1m\).*; raise gate.deadline$/,
    ],
  },
  {
    title: 'a key that a step does not have',
    text: configText(['weights: [10, 50, 100]', 'steps: [{ wieght: 100 }]']),
    says: [/^:28:15: the key "weight" is missing in steps\[0\]/, /unknown key "wieght"/],
  },
]);
