/** What a gate that has passed says it has seen, beside what has really happened. */
import { isForeign, type Recorded, type World } from './recorded.ts';
import { textOf, type SeenBody, type SeenJudgement } from './sight.ts';

function valueOf(judgement: SeenJudgement | undefined, metric: string): number {
  return judgement?.findings.find((finding) => finding.metric === metric)?.observed ?? NaN;
}

/** Between what a gate asks for first and its verdict. */
const LOOK_MS_MAX = 20;

/** A gate that passed says on how many samples; as many were really sent, for long enough. */
export function checkEvidence(
  recorded: Recorded,
  world: World,
  { step = '', evidence }: SeenBody,
): void {
  if (step === 'judge-mirror') checkMirrored(world, evidence?.judgement);
  else checkTraffic(recorded, world, step, evidence?.judgement);
}

function checkTraffic(
  recorded: Recorded,
  world: World,
  step: string,
  judgement: SeenJudgement | undefined,
): void {
  if (!/^(judge-|keep-old|confirm-1)/.test(step)) return;
  const { report, expected, sight } = world;
  const samples = valueOf(judgement, 'samples');
  if (judgement?.verdict !== 'PASS' || !(samples >= expected.samplesMin)) {
    report(
      'I9',
      `${step} passed on ${samples} samples with ${judgement?.verdict ?? 'no verdict'}.`,
    );
  }
  // The split that was judged may be gone by the time that the verdict is on record.
  if (isForeign(recorded, sight)) return;
  const sent = sight.asked - (world.askedBefore.get(textOf(sight.token)) ?? 0);
  if (samples > sent) report('I9', `${step} passed on ${samples} samples, ${sent} were sent.`);
  const heldMs = sight.nowMs - world.splitSinceMs;
  const held = expected.stages.find(({ weight }) => step === `judge-${weight}`)?.holdMs;
  const holdMs = (held ?? expected.holdMs) + (step === 'keep-old' ? expected.keepOldMs : 0);
  if (heldMs < holdMs && !recorded.people.waived.has(step)) {
    report('I9', `${step} passed after ${Math.round(heldMs)} ms.`);
  }
  const { fellBackMs } = world;
  const judgedMs = world.splitSinceMs + valueOf(judgement, 'held');
  if (expected.judgesAtOnce && fellBackMs !== null && judgedMs > fellBackMs + LOOK_MS_MAX) {
    report('I9', `${step} passed when its traffic had been taken away.`);
  }
}

/** What a revert says that it is for. */
export function checkCause({ report, expected }: World, { cause }: SeenBody): void {
  const findings = cause?.judgement?.findings ?? [];
  const found = findings.filter(({ met }) => met === false).map(({ metric }) => metric);
  if (expected.isGood && !expected.crashesInstances && found.includes('comparison')) {
    report('I20', 'A release that is as good was found to be worse than the one before.');
  }
  if (expected.isFoundByLimit && cause?.judgement?.verdict !== 'ROLLBACK') {
    report('I9', `A limit was broken, and the gate said ${cause?.judgement?.verdict}.`);
  }
  const isTripTold = found.includes('trip') || found.includes('hang');
  if (expected.isFoundByTrip && !expected.hasFaults && !isTripTold) {
    report('I12', 'The balancer has taken the traffic away, and the record does not say so.');
  }
}

/** As many answers to copies were compared as it takes, and as many copies were really sent. */
function checkMirrored(
  { report, expected, sight, copiedBefore }: World,
  judgement: SeenJudgement | undefined,
): void {
  const compared = valueOf(judgement, 'mirrored');
  if (judgement?.verdict !== 'PASS' || !(compared >= (expected.mirroredMin ?? Infinity))) {
    report('I9', `The mirror passed on ${compared} requests.`);
  }
  const sent = sight.copied - copiedBefore;
  if (compared > sent)
    report('I9', `The mirror passed on ${compared} requests, ${sent} were sent.`);
}
