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
  /** How often somebody else has loaded an old routing. */
  readonly reloads: number;
  readonly audit: readonly SeenEntry[];
  readonly status: string;
  /** Deployments that have not ended, and all that were ever admitted. */
  readonly running: number;
  readonly admitted: number;
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
  /** Accepting instances whose process has not passed a probe since it was started. */
  readonly unprobed: number;
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
    reloadsSeen: 0,
    isRetiring: false,
    isForgetting: false,
    reload: 'none',
    candidateWeight: 0,
    outcomes: 0,
    ends: 0,
    revertDecided: false,
    firstRevertStep: null,
  };
  return {
    violations,
    look(sight) {
      readAudit(memory, expected, sight);
      noteReload(memory, sight);
      checkTokens(memory, expected, sight);
      checkAdmission(memory, expected, sight);
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
  reloadsSeen: number;
  /** The command to stop the stable pool, and the one after it, are on record. */
  isRetiring: boolean;
  isForgetting: boolean;
  /** Since when somebody else has loaded an old routing that names what is retired. */
  reload: 'none' | 'while-retiring' | 'behind-everything';
  candidateWeight: number;
  /** Decisions on how the deployment ends, and entries that say it has ended. */
  outcomes: number;
  ends: number;
  revertDecided: boolean;
  firstRevertStep: string | null;
}

function readAudit(memory: Memory, expected: Expectation, sight: Sight): void {
  const { audit } = sight;
  const { report } = memory;
  if (audit.length === memory.entriesSeen) return;
  if (audit.length < memory.entriesSeen) report('I12', 'The audit log became shorter.');
  for (const { sequence, deployment, body } of audit.slice(memory.entriesSeen)) {
    memory.entriesSeen += 1;
    if (sequence !== memory.entriesSeen) report('I12', `Entry ${sequence} is not the next one.`);
    if (deployment !== expected.deployment) continue;
    // What somebody had sent before is told whenever it is known.
    if (memory.ends > 0 && !isOutcome(body))
      report('I12', `${body.kind} was recorded behind the end.`);
    switch (body.kind) {
      case 'CommandIssued':
        readCommand(memory, body);
        break;
      case 'RevertDecided':
        if (isStopped(sight, expected.stable)) {
          report('I3', 'A revert was decided behind the point of no return.');
        }
        memory.revertDecided = true;
        break;
      case 'CommandSucceeded':
        checkEvidence(memory, expected, body);
        break;
      case 'DeploymentPromoted':
      case 'DeploymentReverted':
      case 'DeploymentHeld':
        memory.outcomes += 1;
        break;
      case 'DeploymentEnded':
        memory.ends += 1;
    }
  }
}

function isOutcome({ kind }: SeenBody): boolean {
  return kind === 'CommandSucceeded' || kind === 'CommandFailed' || kind === 'EffectObserved';
}

function readCommand(memory: Memory, body: SeenBody): void {
  const { report, issued } = memory;
  const { step = '', attempt, purpose, token } = body;
  const command = `${step}#${attempt}`;
  const before = token && issued.get(textOf(token));
  if (before !== undefined && before !== command && purpose === 'act') {
    report('I5', `One token stands for ${before} and for ${command}.`);
  }
  if (token && purpose === 'act') issued.set(textOf(token), command);
  if (step === 'retire-old') memory.isRetiring = true;
  if (step === 'forget-old') memory.isForgetting = true;
  if (memory.revertDecided) memory.firstRevertStep ??= step;
  if (memory.firstRevertStep !== null && memory.firstRevertStep !== 'zero-candidate') {
    report('I14', `The revert began with ${memory.firstRevertStep}.`);
  }
}

/**
 * Between the last look at the split and the end of the old pool nobody can know that somebody else
 * brings an old split back; the next command corrects it, and behind the last one the watch would.
 */
function noteReload(memory: Memory, { reloads }: Sight): void {
  if (reloads === memory.reloadsSeen) return;
  memory.reloadsSeen = reloads;
  memory.highest = { deployment: 0, sequence: 0 };
  if (memory.isForgetting) memory.reload = 'behind-everything';
  else if (memory.isRetiring && memory.reload === 'none') memory.reload = 'while-retiring';
}

/** Traffic for the candidate only when each of its processes has passed its probes. */
function checkAdmission(memory: Memory, { candidate }: Expectation, sight: Sight): void {
  const weight = sight.weights[candidate] ?? 0;
  if (weight > memory.candidateWeight) {
    const pool = sight.pools.find((seen) => seen.pool === candidate);
    if (!pool || pool.unprobed > 0) {
      memory.report('I1', `${candidate} got ${weight} % before all of it had passed its probes.`);
    }
  }
  memory.candidateWeight = weight;
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

function checkTokens(memory: Memory, expected: Expectation, sight: Sight): void {
  const { token } = sight;
  const { report, issued, highest } = memory;
  if (token === highest) return;
  if (isBelow(token, highest)) report('I5', `${textOf(token)} came after ${textOf(highest)}.`);
  memory.highest = token;
  if (token.deployment !== expected.deployment) return;
  if (issued.has(textOf(token)) || textOf(token) === textOf(expected.revertToken)) return;
  report('I4', `${textOf(token)} is in force without an intent on record.`);
}

function checkCapacity(memory: Memory, expected: Expectation, sight: Sight): void {
  const { report } = memory;
  const { stable, candidate } = expected;
  const isStableStopped = isStopped(sight, stable);
  const isExcused = isStableStopped && memory.reload !== 'none';
  if (isStableStopped && isStopped(sight, candidate)) report('I2', 'Both pools are stopped.');
  if (isStableStopped && !memory.isRetiring) {
    report('I2', 'The stable pool was stopped before the point of no return.');
  }
  let total = 0;
  for (const pool of Object.keys(sight.weights)) {
    const weight = sight.weights[pool] ?? 0;
    total += weight;
    if (weight > 0 && isStopped(sight, pool) && !isExcused) {
      report('I2', `${pool} has ${weight} % and is stopped.`);
    }
  }
  if (total !== 100) report('I2', `The weights add up to ${total} %.`);
}

function isStopped({ pools }: Sight, pool: string): boolean {
  for (const seen of pools) if (seen.pool === pool) return seen.isStopped;
  return false;
}

function checkClients({ report, reload }: Memory, expected: Expectation, { answers }: Sight): void {
  if (!expected.isGood || expected.crashesInstances || reload !== 'none') return;
  const failed = answers.find((status) => status >= 500);
  if (failed !== undefined) report('I6', `A client got ${failed} though both releases are good.`);
}

function checkEnd(memory: Memory, expected: Expectation, sight: Sight): void {
  const { report, reload } = memory;
  const { status, harm } = sight;
  if (sight.running > 0 && status !== 'running') report('I13', 'Another deployment is running.');
  if (sight.admitted !== expected.deployment) {
    report('I13', `${sight.admitted} deployments were admitted, not ${expected.deployment}.`);
  }
  if (status !== 'running' && (memory.outcomes !== 1 || memory.ends !== 1)) {
    report('I15', `The end was decided ${memory.outcomes} and told ${memory.ends} times.`);
  }
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
  const isRouted = sight.weights[serves] === 100 && !sight.hasLease && !sight.hasFallback;
  if (!isRouted && reload !== 'behind-everything') {
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
