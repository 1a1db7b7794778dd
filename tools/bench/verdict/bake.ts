/** One candidate under the eyes of all judges, who see the same traffic; pure, and the same for a seed. */
import { concludeVerdict } from '../../../src/core/verdict/conclude-verdict.ts';
import type { Judge } from './judge.ts';
import { kayentaJudge } from './kayenta-judge.ts';
import { limitJudges } from './limit-judges.ts';
import { surefootJudge, type SurefootJudge } from './surefoot-judge.ts';
import { createTraffic, type TrafficOptions, type TrafficTick } from './traffic-model.ts';

export interface Bake {
  readonly traffic: TrafficOptions;
  readonly bakeS: number;
  /** How long the stable release was seen alone before; half an hour unless said. */
  readonly beforeS?: number;
  /** Of Kayenta's judge; none of the peers when it is missing. */
  readonly kayentaLooksEveryS?: number;
  /** Goes on until Surefoot's PASS, too. */
  readonly untilPass?: boolean;
}

export interface BakeResult {
  /** Seconds from the onset until each judge rolled back; null if it did not, -1 if before the onset. */
  readonly rolledBackS: Readonly<Record<string, number | null>>;
  /** Failed responses of the candidate until then. */
  readonly failed: Readonly<Record<string, number>>;
  readonly passedS: number | null;
}

const STABLE_BEFORE_S = 1_800;
const PASS_MS_MIN = 60_000;
const WEIGHT = 10;

export function bake(wish: Bake): BakeResult {
  const { traffic, bakeS, kayentaLooksEveryS, untilPass = false } = wish;
  const { beforeS = STABLE_BEFORE_S } = wish;
  const { tickS, onsetS = 0 } = traffic;
  const source = createTraffic({ ...traffic, onsetS: onsetS + beforeS });
  const before = ticksOf(source, beforeS / tickS);
  const surefoot = surefootJudge({ tickS, bakeS, before });
  const judges = [surefoot, ...peersOf(tickS, kayentaLooksEveryS)];
  const rolledBackS: Record<string, number | null> = {};
  const failed: Record<string, number> = {};
  let failedSoFar = 0;
  let passedS: number | null = null;
  for (const judge of judges) rolledBackS[judge.name] = null;
  for (let elapsedS = tickS; elapsedS <= bakeS; elapsedS += tickS) {
    const tick = source.next();
    failedSoFar += tick.candidate.failed;
    for (const judge of judges) {
      if (rolledBackS[judge.name] !== null || !judge.observe(tick)) continue;
      // Before the onset it is a false one, and no early detection.
      rolledBackS[judge.name] = elapsedS > onsetS ? elapsedS - onsetS : -1;
      failed[judge.name] = failedSoFar;
    }
    if (untilPass && hasPassed(surefoot, elapsedS)) passedS ??= elapsedS;
    const isOpen = (judge: Judge): boolean => rolledBackS[judge.name] === null;
    if (passedS !== null || !judges.some(isOpen)) break;
  }
  return { rolledBackS, failed, passedS };
}

function peersOf(tickS: number, looksEveryS: number | undefined): readonly Judge[] {
  if (looksEveryS === undefined) return [];
  const name = 'Kayenta';
  return [...limitJudges(tickS), kayentaJudge({ name, looksEveryS, tickS })];
}

function ticksOf(source: { next(): TrafficTick }, count: number): readonly TrafficTick[] {
  return Array.from({ length: count }, () => source.next());
}

function hasPassed(surefoot: SurefootJudge, elapsedS: number): boolean {
  const { verdict } = concludeVerdict(surefoot.settings, surefoot.state(), {
    weight: WEIGHT,
    elapsedMs: elapsedS * 1_000,
    elapsedMsMin: PASS_MS_MIN,
    sinceTickMs: 0,
    reporting: 1,
    instances: 1,
    mustExcludeHarm: true,
  });
  return verdict === 'PASS';
}
