/** What the model is checked with: the protocol as it is, and each of its guards taken out. */
export interface Variant {
  readonly name: string;
  /** `-D` flags of rollout.pml. */
  readonly flags: readonly string[];
  /** What the search must find broken; null when it must find nothing. */
  readonly breaks: string | null;
  /** `endless` looks for a run that goes on for ever, instead of for broken properties. */
  readonly search: 'safety' | 'endless';
}

const holds = (name: string, ...flags: string[]): Variant => ({
  name,
  flags,
  breaks: null,
  search: 'safety',
});

const broken = (name: string, breaks: string, ...flags: string[]): Variant => ({
  name,
  flags: flags.some((flag) => flag.startsWith('FAULTS')) ? flags : ['FAULTS=1', ...flags],
  breaks,
  search: 'safety',
});

const TO_THE_DEAD = 'all traffic goes to a pool that does not run';
const GIVEN_BACK = 'traffic that was taken away was given back';
const OUT_OF_ORDER = 'a lower token was applied after a higher one';

export const variants: readonly Variant[] = [
  holds('a retry takes a new token, as it is'),
  holds('the same token is sent again', 'SAME_TOKEN'),
  holds('three controllers, no message lost', 'LIVES=3', 'FAULTS=0'),
  holds('two deployments', 'DEPLOYMENTS=2', 'FAULTS=1', 'TAKE_UPS=0'),
  { ...holds('no run goes on for ever', 'FAULTS=1'), search: 'endless' },

  // Vacuity: what the properties speak of does happen, after everything that may happen has.
  broken('a promotion is reached', 'promoted after all that may happen', 'NEVER_PROMOTED'),
  broken('a revert is reached', 'reverted after all that may happen', 'NEVER_REVERTED'),
  broken(
    'the lease ends with nobody there',
    "nobody drives, and the stable pool serves by the lease's end",
    'NEVER_LEFT',
  ),

  broken('no fence', OUT_OF_ORDER, 'FENCE=NOTHING'),
  broken('no fence, harm', GIVEN_BACK, 'FENCE=NOTHING', 'HARM_ONLY'),
  broken('fence by deployment only', OUT_OF_ORDER, 'FENCE=DEPLOYMENT_ONLY'),
  broken('fence by deployment only, harm', GIVEN_BACK, 'FENCE=DEPLOYMENT_ONLY', 'HARM_ONLY'),
  broken('no tokens reserved for the revert', 'one token stands for two splits', 'NO_RESERVE'),
  broken('a take-away names nothing (0010)', TO_THE_DEAD, 'NO_COMPARE_AND_SET'),
  broken(
    'the lease never ends (0004)',
    'nobody drives, and the candidate keeps its share',
    'NO_LEASE',
  ),
  broken('an ended lease comes back (0007)', GIVEN_BACK, 'ENDED_LEASE_COMES_BACK'),
  broken('the old pool is retired before the split settles', TO_THE_DEAD, 'RETIRE_BEFORE_SETTLE'),
  broken(
    'an unknown outcome is taken for done',
    'promoted, but the pools say otherwise',
    'UNKNOWN_IS_DONE',
  ),
  broken('the balancer forgets its newest token', GIVEN_BACK, 'BALANCER_FORGETS'),
  broken('a disowned controller goes on', 'what cannot be given up was refused', 'ZOMBIE_GOES_ON'),
  broken(
    'a former driver may write',
    'one token stands for two commands',
    'NO_RESUMPTION',
    'LIVES=3',
    'FAULTS=0',
  ),
  // The two that the model found in Surefoot.
  broken('recorded progress is set back', TO_THE_DEAD, 'ROW_GOES_BACK', 'LIVES=3', 'FAULTS=0'),
  broken(
    'a pool that is not there counts as stopped',
    'reverted, but the pools say otherwise',
    'ABSENT_IS_STOPPED',
    'FAULTS=2',
  ),
];
