/**
 * Judges a run from outside, event by event: what the balancer routes, which instances live, what
 * clients got and what the audit log says. It shares no code with what it judges.
 */
export interface Sight {
  /** Effective weights by pool, and the token of what is in force. */
  readonly weights: Readonly<Record<string, number>>;
  readonly token: Token;
  readonly hasLease: boolean;
  readonly hasFallback: boolean;
  readonly pools: readonly SeenPool[];
  readonly audit: readonly SeenEntry[];
  readonly status: string;
  /** Requests that the candidate has answered badly so far. */
  readonly harm: number;
  /** Statuses that clients got since the last look. */
  readonly answers: readonly number[];
}

export interface Token {
  readonly deployment: number;
  readonly sequence: number;
}

export interface SeenPool {
  readonly pool: string;
  readonly isStopped: boolean;
  readonly accepting: number;
  readonly restart: string;
}

export interface SeenEntry {
  readonly sequence: number;
  readonly deployment: number | null;
  readonly body: SeenBody;
}

/** Only what is looked at; whatever else an entry says is not the observer's business. */
export interface SeenBody {
  readonly kind: string;
  readonly step?: string;
  readonly attempt?: number;
  readonly purpose?: string;
  readonly token?: Token;
  readonly evidence?: { readonly judgement?: SeenJudgement };
}

export interface SeenJudgement {
  readonly verdict: string;
  readonly findings: readonly { readonly metric: string; readonly observed: number }[];
}

export interface Expectation {
  readonly deployment: number;
  readonly stable: string;
  readonly candidate: string;
  readonly instances: number;
  readonly isGood: boolean;
  /** Whether the scenario crashes instances, so that clients may see errors that nobody made. */
  readonly crashesInstances: boolean;
  readonly hasFaults: boolean;
  readonly samplesMin: number;
  /** Bad answers after which a candidate has no traffic any more, when nothing keeps the gates from it. */
  readonly harmMax: number;
  /** The token that a revert may use before it is recorded. */
  readonly revertToken: Token;
}

export interface Violation {
  /** Number of the invariant in the reliability rules. */
  readonly invariant: string;
  readonly message: string;
}

export interface Observer {
  /** Looks after an event. */
  look(sight: Sight): void;
  /** The last look: after the end, and after everything late has arrived. */
  end(sight: Sight): void;
  readonly violations: readonly Violation[];
}

export function createObserver(expected: Expectation): Observer {
  const violations: Violation[] = [];
  const report = (invariant: string, message: string): void => {
    if (violations.every((known) => known.message !== message)) {
      violations.push({ invariant, message });
    }
  };
  const memory: Memory = {
    report,
    issued: new Map(),
    entriesSeen: 0,
    highest: { deployment: 0, sequence: 0 },
    isRetiring: false,
    revertDecided: false,
    firstRevertStep: null,
  };
  return {
    violations,
    look(sight) {
      readAudit(memory, expected, sight);
      checkTokens(memory, expected, sight);
      checkCapacity(memory, expected, sight);
      checkClients(memory, expected, sight);
    },
    end(sight) {
      checkEnd(memory, expected, sight);
    },
  };
}

interface Memory {
  readonly report: (invariant: string, message: string) => void;
  /** What was issued under each token. */
  readonly issued: Map<string, string>;
  entriesSeen: number;
  highest: Token;
  isRetiring: boolean;
  revertDecided: boolean;
  firstRevertStep: string | null;
}

function readAudit(memory: Memory, expected: Expectation, { audit }: Sight): void {
  const { report, issued } = memory;
  if (audit.length < memory.entriesSeen) report('I12', 'The audit log became shorter.');
  for (const { sequence, deployment, body } of audit.slice(memory.entriesSeen)) {
    memory.entriesSeen += 1;
    if (sequence !== memory.entriesSeen) report('I12', `Entry ${sequence} is not the next one.`);
    if (deployment !== expected.deployment) continue;
    switch (body.kind) {
      case 'CommandIssued': {
        const { step = '', attempt, purpose, token } = body;
        const command = `${step}#${attempt}`;
        const before = token && issued.get(textOf(token));
        if (before !== undefined && before !== command && purpose === 'act') {
          report('I5', `One token stands for ${before} and for ${command}.`);
        }
        if (token && purpose === 'act') issued.set(textOf(token), command);
        if (step === 'retire-old') memory.isRetiring = true;
        if (memory.revertDecided) memory.firstRevertStep ??= step;
        if (memory.firstRevertStep !== null && memory.firstRevertStep !== 'zero-candidate') {
          report('I14', `The revert began with ${memory.firstRevertStep}.`);
        }
        break;
      }
      case 'RevertDecided':
        if (memory.isRetiring) report('I3', 'A revert was decided behind the point of no return.');
        memory.revertDecided = true;
        break;
      case 'CommandSucceeded':
        checkEvidence(memory, expected, body);
    }
  }
}

/** A gate that passed says on how many samples. */
function checkEvidence(
  { report }: Memory,
  { samplesMin }: Expectation,
  { step = '', evidence }: SeenBody,
): void {
  if (!step.startsWith('judge-') && !step.startsWith('confirm-1')) return;
  const judgement = evidence?.judgement;
  const samples = judgement?.findings.find(({ metric }) => metric === 'samples')?.observed ?? NaN;
  if (judgement?.verdict !== 'PASS' || !(samples >= samplesMin)) {
    report(
      'I9',
      `${step} passed on ${samples} samples with ${judgement?.verdict ?? 'no verdict'}.`,
    );
  }
}

function checkTokens(memory: Memory, expected: Expectation, { token }: Sight): void {
  const { report, issued, highest } = memory;
  if (isBelow(token, highest)) report('I5', `${textOf(token)} came after ${textOf(highest)}.`);
  memory.highest = token;
  if (token.deployment !== expected.deployment) return;
  if (issued.has(textOf(token)) || textOf(token) === textOf(expected.revertToken)) return;
  report('I4', `${textOf(token)} is in force without an intent on record.`);
}

function checkCapacity(memory: Memory, expected: Expectation, sight: Sight): void {
  const { report } = memory;
  const stopped = (pool: string): boolean =>
    sight.pools.find((seen) => seen.pool === pool)?.isStopped ?? false;
  const { stable, candidate } = expected;
  if (stopped(stable) && stopped(candidate)) report('I2', 'Both pools are stopped.');
  if (stopped(stable) && !memory.isRetiring) {
    report('I2', 'The stable pool was stopped before the point of no return.');
  }
  for (const [pool, weight] of Object.entries(sight.weights)) {
    if (weight > 0 && stopped(pool)) report('I2', `${pool} has ${weight} % and is stopped.`);
  }
  const total = Object.values(sight.weights).reduce((sum, weight) => sum + weight, 0);
  if (total !== 100) report('I2', `The weights add up to ${total} %.`);
}

function checkClients({ report }: Memory, expected: Expectation, { answers }: Sight): void {
  if (!expected.isGood || expected.crashesInstances) return;
  const failed = answers.filter((status) => status >= 500);
  if (failed.length > 0) report('I6', `A client got ${failed[0]} though both releases are good.`);
}

function checkEnd({ report }: Memory, expected: Expectation, sight: Sight): void {
  const { status, harm } = sight;
  if (!expected.hasFaults && harm > expected.harmMax) {
    report('I14', `The candidate gave ${harm} bad answers before it lost its traffic.`);
  }
  if (status === 'held') {
    if (!expected.hasFaults) report('I3', 'Held, though nothing went wrong.');
    return;
  }
  if (status !== 'promoted' && status !== 'reverted') {
    report('I7', `The deployment has not ended: ${status}.`);
    return;
  }
  if (status === 'promoted' && !expected.isGood) report('I9', 'A bad release was promoted.');
  if (status === 'reverted' && expected.isGood && !expected.hasFaults) {
    report('I3', 'A good release was reverted, though nothing went wrong.');
  }
  const [serves, gone] =
    status === 'promoted'
      ? [expected.candidate, expected.stable]
      : [expected.stable, expected.candidate];
  if (sight.weights[serves] !== 100 || sight.hasLease || sight.hasFallback) {
    report('I3', `${status}, but ${serves} has ${sight.weights[serves] ?? 0} %.`);
  }
  const left = sight.pools.find(({ pool }) => pool === gone);
  if (left && !left.isStopped) report('I3', `${status}, but ${gone} was not stopped.`);
  const kept = sight.pools.find(({ pool }) => pool === serves);
  if (kept?.isStopped !== false || kept.accepting !== expected.instances) {
    report('I3', `${status}, but ${serves} has ${kept?.accepting ?? 0} instances.`);
  }
  if (kept && kept.restart !== 'always') report('I3', `${serves} is not restarted when it exits.`);
}

function textOf({ deployment, sequence }: Token): string {
  return `${deployment}.${sequence}`;
}

function isBelow(left: Token, right: Token): boolean {
  return (
    left.deployment < right.deployment ||
    (left.deployment === right.deployment && left.sequence < right.sequence)
  );
}
