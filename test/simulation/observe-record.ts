/**
 * What the audit log must say, read entry by entry: intents and tokens, what may follow which outcome,
 * the steps of the protocol in their order, and one end. The protocol stands here a second time.
 */
import { checkCompared } from './observe-comparison.ts';
import { checkCause, checkEvidence } from './observe-evidence.ts';
import { readFreeze, readPlace } from './observe-freezes.ts';
import { gatesBetween, readRequest } from './observe-people.ts';
import { isForeign, type Recorded, type World } from './recorded.ts';
import { exitsOf, isStopped, textOf, type Expectation, type SeenBody } from './sight.ts';

export function readRecord(recorded: Recorded, world: World): void {
  const { expected, sight, report } = world;
  const { audit } = sight;
  noteResumption(recorded, world);
  if (audit.length === recorded.entriesSeen) return;
  if (audit.length < recorded.entriesSeen) report('I12', 'The audit log became shorter.');
  for (const entry of audit.slice(recorded.entriesSeen)) {
    const { sequence, deployment, body } = entry;
    recorded.entriesSeen += 1;
    if (sequence !== recorded.entriesSeen) report('I12', `Entry ${sequence} is not the next one.`);
    if (deployment === null) readPlace(recorded.freezes, body);
    if (deployment !== expected.deployment) continue;
    // What somebody had sent before is told whenever it is known.
    if (recorded.ends.told > 0 && !isOutcome(body)) {
      report('I12', `${body.kind} was recorded behind the end.`);
    }
    readRequest(recorded.people, entry, world);
    readFreeze(recorded.freezes, body, world);
    checkCompared(recorded.compared, world, body);
    readEntry(recorded, world, body);
  }
}

function noteResumption(recorded: Recorded, { expected, sight, report }: World): void {
  if (sight.resumption === recorded.resumption) return;
  recorded.resumption = sight.resumption;
  // Whoever takes up begins at the last intent, whatever had come of it.
  recorded.outcomes.clear();
  if (!recorded.isRetiring) recorded.mustRevert = true;
  if (!expected.losesDrivers) report('I13', 'It was taken up from a driver that was not lost.');
}

function isOutcome({ kind }: SeenBody): boolean {
  return kind === 'EffectObserved' || /^Command(Succeeded|Failed|Stopped|Withheld)$/.test(kind);
}

function readEntry(recorded: Recorded, world: World, body: SeenBody): void {
  const { step = '', kind } = body;
  switch (kind) {
    case 'CommandIssued':
      readCommand(recorded, world, body);
      break;
    case 'CommandSucceeded':
      recorded.outcomes.set(step, 'passed');
      checkEvidence(recorded, world, body);
      break;
    case 'EffectObserved':
      recorded.outcomes.set(step, body.inForce === true ? 'passed' : 'failed');
      break;
    case 'CommandFailed':
      recorded.outcomes.set(step, isUnknown(body) ? 'unknown' : 'failed');
      break;
    case 'CommandStopped':
    case 'CommandWithheld':
      recorded.outcomes.set(step, 'stopped');
      // It begins anew, and so does the wait for it.
      forgetAttempts(recorded, 'freeze');
      recorded.attempts.delete(`${step}#${body.attempt}`);
      break;
    case 'DeploymentPaused':
    case 'DeploymentThawed':
    case 'FreezeOverridden':
      for (const anew of [body.before, 'pause', 'freeze']) forgetAttempts(recorded, anew);
      break;
    case 'StepPassed':
      readPass(recorded, world, step);
      break;
    case 'RevertDecided':
      readRevert(recorded, world, body);
      break;
    case 'AbortRefused':
      recorded.abortsAnswered += 1;
      break;
    case 'DeploymentHeld':
      if (body.cause?.failure.code === 'internal-error') world.report('I3', 'Held by a bug.');
      recorded.ends.decided += 1;
      break;
    case 'DeploymentReverted':
      if (!recorded.revertDecided && isAbort(body)) recorded.abortsAnswered += 1;
      recorded.ends.decided += 1;
      break;
    case 'DeploymentPromoted':
      recorded.ends.decided += 1;
      break;
    case 'DeploymentEnded':
      recorded.ends.told += 1;
  }
}

/** What is counted again from its first attempt. */
function forgetAttempts({ attempts, outcomes }: Recorded, step = ''): void {
  for (const known of attempts) if (known.startsWith(`${step}#`)) attempts.delete(known);
  outcomes.delete(step);
}

/** A look that fails leaves what it looked for as unknown as it was. */
function isUnknown({ failure, purpose }: SeenBody): boolean {
  return failure?.effect === 'unknown' || purpose === 'observe';
}

/** Those of the steps that write a split; only their tokens may be in force at the balancer. */
export function writesSplit(command: string): boolean {
  return /^(check-balancer|drill-revert|mirror-traffic|shift-|open-traffic|settle-split|forget-|zero-candidate)/.test(
    command,
  );
}

function readCommand(recorded: Recorded, world: World, body: SeenBody): void {
  const { issued, tokens, attempts, outcomes } = recorded;
  const { report, sight, expected } = world;
  const { step = '', attempt, purpose, token } = body;
  const command = `${step}#${attempt}`;
  if (attempts.has(command)) report('I5', `${command} was issued twice.`);
  attempts.add(command);
  const before = token && issued.get(textOf(token));
  if (purpose === 'act') {
    if (before !== undefined) report('I5', `One token stands for ${before} and for ${command}.`);
    if (outcomes.get(step) === 'unknown') {
      report('R7', `${command} acts though nobody knows what came of the attempt before.`);
    }
    if (token) {
      issued.set(textOf(token), command);
      tokens.set(step, token);
      if (writesSplit(step)) recorded.newestSplit = token;
    }
  } else if (before?.split('#')[0] !== step) {
    report('R7', `${command} looks for what was never sent.`);
  }
  if (outcomes.get(step) === 'passed') report('R5', `${command} does again what was done.`);
  if (step === 'confirm-candidate') {
    recorded.exitsBeforeConfirming = exitsOf(sight, expected.candidate);
  }
  if (step.startsWith('check-schema-')) recorded.isAltered = sight.data?.isAltered ?? false;
  if (step === 'retire-old') recorded.isRetiring = true;
  if (step === 'stop-candidate' || step === 'stop-baseline') recorded.isStopping = true;
  recorded.isLast =
    LAST_STEPS.includes(step) || (expected.stable === null && step === 'verify-service');
  readRevertCommand(recorded, world, step);
}

const LAST_STEPS = ['forget-old', 'verify-state', 'check-schema-reverted', 'check-data-reverted'];

const REVERT_STEPS = [
  'zero-candidate',
  'restore-stable',
  'reprobe-stable',
  'reverify-service',
  'drain-candidate',
  'stop-candidate',
  'empty-baseline',
  'stop-baseline',
  'forget-candidate',
  'verify-state',
  'check-schema-reverted',
  'check-data-reverted',
];

function readRevertCommand(recorded: Recorded, world: World, step: string): void {
  const { report, sight, expected } = world;
  const isFirst = step === 'zero-candidate';
  if (!REVERT_STEPS.includes(step)) {
    if (recorded.revertDecided) report('I14', `The revert goes on with ${step}.`);
    return;
  }
  if (!recorded.revertDecided) report('I12', `${step} was issued, and no revert was decided.`);
  if (isFirst) return;
  if (!recorded.passed.includes('zero-candidate')) report('I14', `The revert began with ${step}.`);
  const weight = sight.weights[expected.candidate] ?? 0;
  if (weight > 0 && !isForeign(recorded, sight)) {
    report('I14', `${step} was issued while the candidate had ${weight} %.`);
  }
}

function readPass(recorded: Recorded, world: World, step: string): void {
  const { report, sight } = world;
  const { outcomes, passed, tokens } = recorded;
  // People pass a gate, by what they ask, and no outcome of its own.
  if (outcomes.get(step) !== 'passed' && !step.startsWith('approve-')) {
    report('I8', `${step} has passed against the record.`);
  }
  const token = tokens.get(step);
  const mayBeUnseen = !writesSplit(step) || isForeign(recorded, sight);
  if (token && !mayBeUnseen && !world.askedBefore.has(textOf(token))) {
    report('R7', `${step} has passed, but ${textOf(token)} was never in force.`);
  }
  if (step === 'confirm-candidate' && recorded.exitsBeforeConfirming > 0) {
    report('I1', 'The candidate was confirmed though it had ended by itself.');
  }
  if (step.startsWith('check-schema-') && recorded.isAltered) {
    report('I10', `${step} has passed over a schema that is not as it was noted.`);
  }
  passed.push(step);
}

function isAbort({ cause }: SeenBody): boolean {
  return cause?.failure.code === 'aborted';
}

function readRevert(recorded: Recorded, world: World, body: SeenBody): void {
  const { cause } = body;
  const { report, sight, expected } = world;
  if (recorded.revertDecided) report('I3', 'The revert was decided twice.');
  checkCause(world, body);
  recorded.revertDecided = true;
  if (isStopped(sight, expected.stable)) {
    report('I3', 'A revert was decided behind the point of no return.');
  }
  const isAborted = isAbort(body);
  if (isAborted) recorded.abortsAnswered += 1;
  if (!isAborted && recorded.outcomes.get(cause?.step ?? '') === 'passed') {
    report('I8', `${cause?.step} is the cause of a revert, and has passed by the record.`);
  }
  // An abort may come between the last step that only looks and the first that does not.
  if (!isAborted && [...recorded.tokens.keys()].every(onlyLooks)) {
    report('I3', 'A revert was decided though nothing had been changed.');
  }
  const weight = sight.weights[expected.candidate] ?? 0;
  if (!isAborted && expected.revertsAtOnce && recorded.resumption === 0 && weight > 0) {
    report('I14', `The candidate still had ${weight} % when the revert was recorded.`);
  }
}

function onlyLooks(step: string): boolean {
  return /^(check-environment|probe-stable|note-schema-before|check-data-before|secure-|rehearse-)/.test(
    step,
  );
}

/** All steps of the way, each once and in the order of the protocol. */
export function checkSteps(
  { passed, revertDecided }: Recorded,
  { expected, sight, report }: Pick<World, 'expected' | 'sight' | 'report'>,
): void {
  const way = sight.status === 'promoted' ? forwardStepsOf(expected) : revertStepsOf(expected);
  if (sight.status !== 'promoted' && !revertDecided) return;
  const taken = passed.filter((step) => sight.status === 'promoted' || REVERT_STEPS.includes(step));
  if (taken.join() !== way.join()) {
    report('I3', `${sight.status} by ${taken.join(', ')}.`);
  }
}

const MIGRATE = [
  'apply-migrations',
  'note-schema-migrated',
  'probe-migrated',
  'check-data-migrated',
];

function forwardStepsOf({
  kind,
  stable,
  stages,
  keepOldMs,
  approvals,
  baseline,
  mirroredMin,
  migrations,
}: Expectation): readonly string[] {
  const isMigrated = migrations.length > 0;
  const migrate = isMigrated ? MIGRATE : [];
  const start = [...migrate, 'start-candidate', 'probe-candidate'];
  if (stable === null) {
    const open = ['open-traffic', 'settle-candidate', 'confirm-candidate', 'verify-service'];
    return ['check-environment', 'check-balancer', ...start, ...open];
  }
  return [
    ...(isMigrated
      ? ['note-schema-before', 'check-data-before', 'secure-data', 'rehearse-migrations']
      : []),
    'check-environment',
    ...(reliesOnStable({ kind, stable }) ? ['probe-stable', 'drill-revert'] : ['check-balancer']),
    ...start,
    ...(mirroredMin === null ? [] : ['mirror-traffic', 'judge-mirror']),
    ...(baseline ? ['start-baseline', 'probe-baseline'] : []),
    ...(kind === 'rollback'
      ? ['shift-100']
      : stages.flatMap(({ weight, instances }, index) => [
          ...gatesBetween(approvals, stages[index - 1]?.weight ?? 0, weight),
          ...(index > 0 && instances !== stages[index - 1]?.instances
            ? [`grow-${instances}`, `probe-${instances}`]
            : []),
          `shift-${weight}`,
          `judge-${weight}`,
        ])),
    ...(baseline ? ['drain-baseline', 'retire-baseline'] : []),
    ...(keepOldMs > 0 ? ['keep-old'] : []),
    'settle-candidate',
    'drain-old',
    'confirm-candidate',
    'verify-service',
    ...(kind === 'rollback' ? [] : ['confirm-100']),
    ...(isMigrated ? ['check-schema-after', 'check-data-after'] : []),
    'settle-split',
    'retire-old',
    'forget-old',
  ];
}

const RESTORES_STABLE = ['restore-stable', 'reprobe-stable', 'reverify-service'];

function revertStepsOf(expected: Expectation): readonly string[] {
  const left = reliesOnStable(expected) ? [] : RESTORES_STABLE;
  const absent = expected.baseline === null ? ['empty-baseline', 'stop-baseline'] : [];
  const isMigrated = expected.migrations.length > 0;
  const unasked = isMigrated ? [] : ['check-schema-reverted', 'check-data-reverted'];
  return REVERT_STEPS.filter((step) => ![...left, ...absent, ...unasked].includes(step));
}

/** Repairs and rollbacks are there for when what serves is broken. */
function reliesOnStable({ kind, stable }: Pick<Expectation, 'kind' | 'stable'>): boolean {
  return kind === 'deploy' && stable !== null;
}
