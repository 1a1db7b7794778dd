import assert from 'node:assert/strict';
import test from 'node:test';
import { seededDraws } from '../../../test/support/core/seeded-draws.ts';
import {
  isHanging,
  MOMENT_NS,
  noHangEvidence,
  weighMoment,
  type HangEvidence,
  type Moment,
  type Waits,
} from './hang-evidence.ts';

/** One in a hundred of the stable release's requests takes long. */
const usual: Waits = { sent: 10_000, late: 100 };

const none: Waits = { sent: 0, late: 0 };
const fine: Waits = { sent: 27, late: 0 };

/** The stable pool's share is as many as it was sent, unless said. */
type Drawn = Omit<Moment, 'stableShare'> & Partial<Moment>;

function whole(moment: Drawn): Moment {
  const { candidate, stable } = moment;
  const sent = candidate.sent + stable.sent;
  return { stableShare: sent === 0 ? 0 : stable.sent / sent, ...moment };
}

/** In how many moments like these it is found; null when it is not in a minute of them. */
function momentsUntilFound(momentOf: (number: number) => Drawn, before = usual): number | null {
  let evidence: HangEvidence = noHangEvidence(before);
  for (let number = 1; number <= 600; number += 1) {
    evidence = weighMoment(evidence, whole(momentOf(number)));
    if (isHanging(evidence)) return number;
  }
  return null;
}

test('a candidate that leaves half of a tenth of the traffic unanswered is found within a few moments', () => {
  const found = momentsUntilFound(() => ({ candidate: { sent: 4, late: 2 }, stable: fine }));

  assert.ok(found !== null && found <= 5, String(found));
});

for (const [what, candidate, moments] of [
  ['all of its requests, however many', { sent: 3_000, late: 3_000 }, 4],
  ['one of three', { sent: 3, late: 1 }, 4],
  ['one of ten', { sent: 10, late: 1 }, 7],
] as const) {
  test(`beside a stable release with none, ${what} late are found in ${moments} moments`, () => {
    const moment = { candidate, stable: { sent: Math.max(27, candidate.sent), late: 0 } };

    assert.equal(
      momentsUntilFound(() => moment),
      moments,
    );
  });
}

test('what the stable release does in a moment is no measure for that moment yet', () => {
  const first = { candidate: { sent: 30, late: 30 }, stable: fine };

  const { lnE } = weighMoment(noHangEvidence(none), whole(first));

  assert.equal(lnE.alone, Math.log(0.5), 'the weight of the first moment, and nothing more');
});

test('it is found as well when it has all of the traffic', () => {
  const alone = { candidate: { sent: 30, late: 15 }, stable: none };

  assert.equal(
    momentsUntilFound(() => alone),
    5,
  );
});

test('a good candidate is found in no more than a thousandth of minutes, whatever share of the traffic it has', () => {
  const { binomial } = seededDraws(7);
  const drawn = (sent: number): Waits => ({ sent, late: binomial(sent, 0.01) });

  let found = 0;
  for (const share of [0.1, 0.5, 0.9, 1]) {
    for (let run = 0; run < 250; run += 1) {
      const sent = Math.round(share * 30);
      const moment = () => ({ candidate: drawn(sent), stable: drawn(30 - sent) });
      if (momentsUntilFound(moment) !== null) found += 1;
    }
  }

  // One is expected at most; five or more would be chance's in one of 270.
  assert.ok(found <= 4, `${found} of 1,000`);
});

test('a candidate that is late as often as is put up with is found in no more than a thousandth of minutes', () => {
  const { binomial } = seededDraws(11);
  const drawn = (sent: number, share: number): Waits => ({ sent, late: binomial(sent, share) });

  let found = 0;
  for (let run = 0; run < 1_000; run += 1) {
    const moment = () => ({ candidate: drawn(3, 0.0125), stable: drawn(27, 0.01) });
    if (momentsUntilFound(moment) !== null) found += 1;
  }

  // One is expected at most; five or more would be chance's in one of 270.
  assert.ok(found <= 4, `${found} of 1,000`);
});

test('one pause of the candidate alone is one observation, however many requests it meets', () => {
  const paused = (number: number) => number >= 10 && number <= 12;

  for (const sent of [3, 30, 3_000]) {
    const found = momentsUntilFound((number) => ({
      candidate: { sent, late: paused(number) ? sent : 0 },
      stable: { sent, late: 0 },
    }));
    assert.equal(found, null);
  }
});

test('with nothing beside it, a longer pause is still one observation', () => {
  const paused = (number: number) => number >= 2 && number <= 5;

  const found = momentsUntilFound((number) => ({
    candidate: { sent: 30, late: paused(number) ? 30 : 0 },
    stable: none,
  }));

  assert.equal(found, null);
});

test('what both releases meet is not held against the candidate', () => {
  const half = (sent: number): Waits => ({ sent, late: sent / 2 });

  assert.equal(
    momentsUntilFound(() => ({ candidate: half(10), stable: half(20) })),
    null,
  );
  assert.equal(
    momentsUntilFound(() => ({ candidate: half(28), stable: half(2) })),
    null,
    'also when the stable release has hardly any traffic',
  );
});

test('few long requests are no hang, even where the stable release has none', () => {
  const rare = (number: number) => ({
    candidate: { sent: 20, late: number % 2 },
    stable: { sent: 20, late: 0 },
  });

  assert.equal(momentsUntilFound(rare, { sent: 10_000, late: 0 }), null);
});

test('where nothing is known of the stable release, a candidate alone is never found', () => {
  assert.equal(
    momentsUntilFound(() => ({ candidate: { sent: 30, late: 30 }, stable: none }), none),
    null,
  );
});

test('where nothing was known before, what both do at the same time is enough', () => {
  const found = momentsUntilFound(() => ({ candidate: { sent: 15, late: 8 }, stable: fine }), none);

  assert.ok(found !== null && found <= 15, String(found));
});

test('a service whose requests are long by design is not held to another measure', () => {
  const long = { sent: 1_000, late: 900 };
  const all = (sent: number): Waits => ({ sent, late: sent });

  assert.equal(
    momentsUntilFound(() => ({ candidate: all(15), stable: all(15) }), long),
    null,
  );
  assert.equal(
    momentsUntilFound(() => ({ candidate: all(30), stable: none }), long),
    null,
  );
});

test('one that begins to hang after a long good time is still found, and told by what it did since', () => {
  let evidence = noHangEvidence(usual);
  for (let number = 0; number < 36_000; number += 1) {
    const moment = { candidate: { sent: 15, late: 0 }, stable: fine, stableShare: 0.5 };
    evidence = weighMoment(evidence, moment);
  }
  let moments = 0;
  while (!isHanging(evidence) && moments < 100) {
    const moment = { candidate: { sent: 15, late: 8 }, stable: { sent: 15, late: 0 } };
    evidence = weighMoment(evidence, { ...moment, stableShare: 0.5 });
    moments += 1;
  }

  assert.ok(moments <= 15, String(moments));
  assert.ok(evidence.candidate.sent <= 15 * moments);
});

test('a tenth of 300 a second that hangs by half is mostly found within a second of the first, and soon after in all cases', () => {
  const draws = seededDraws(3);
  const momentMs = Number(MOMENT_NS / 1_000_000n);
  const afterMs = 300;
  const perMoment = 15;
  const foundMs = Array.from({ length: 1_000 }, () => {
    const lateMs: number[] = [];
    const moments = momentsUntilFound(
      (number) => {
        const candidate = { sent: 0, late: 0 };
        for (let request = 0; request < perMoment; request += 1) {
          if (draws.uniform() >= 0.1) continue;
          candidate.sent += 1;
          if (draws.uniform() >= 0.5) continue;
          candidate.late += 1;
          lateMs.push((number - 1 + request / perMoment) * momentMs);
        }
        return { candidate, stable: { sent: perMoment - candidate.sent, late: 0 } };
      },
      { sent: 5_000, late: 0 },
    );
    return (moments ?? Infinity) * momentMs + afterMs - (lateMs[0] ?? 0);
  }).sort((left, right) => left - right);

  const within = foundMs.filter((ms) => ms <= 1_000).length;
  assert.ok(within >= 985, `${within} of 1,000 within a second`);
  assert.ok((foundMs.at(-1) ?? Infinity) <= 1_500, `the last after ${foundMs.at(-1)} ms`);
});

interface DrawnTraffic {
  readonly perSecond: number;
  /** Of the candidate. */
  readonly share: number;
  /** Of the requests of each, after ten seconds. */
  readonly late: { readonly candidate: number; readonly stable: number };
  readonly seconds?: number;
  /** Of the stable release's before. */
  readonly usuallyLate?: number;
}

const WELL = 200;

function drawnMoments(
  { perSecond, share, late, seconds = 60, usuallyLate = 0 }: DrawnTraffic,
  { poisson, binomial }: ReturnType<typeof seededDraws>,
): (number: number) => Drawn {
  const drawn = (sent: number, lateShare: number): Waits => ({
    sent,
    late: binomial(sent, lateShare),
  });
  return (number) => {
    const isBad = number > WELL && number <= WELL + 20 * seconds;
    const perMoment = perSecond / 20;
    return {
      candidate: drawn(poisson(perMoment * share), isBad ? late.candidate : usuallyLate),
      stable: drawn(poisson(perMoment * (1 - share)), isBad ? late.stable : usuallyLate),
      stableShare: 1 - share,
    };
  };
}

test('a candidate that was well for ten minutes, with usual late requests, is found within a second in most cases', () => {
  const late = { candidate: 0.5, stable: 0.01 };
  const momentOf = drawnMoments(
    { perSecond: 300, share: 0.1, usuallyLate: 0.01, late },
    seededDraws(9),
  );
  const behind = (evidence: HangEvidence, number: number): HangEvidence =>
    weighMoment(evidence, whole(momentOf(number)));
  const histories = Array.from({ length: 4 }, () => {
    let evidence = noHangEvidence(usual);
    for (let moment = 0; moment < 12_000; moment += 1) evidence = behind(evidence, 1);
    return evidence;
  });
  const foundMs = histories.flatMap((history) =>
    Array.from({ length: 25 }, () => {
      let [evidence, moments] = [history, 0];
      for (; !isHanging(evidence) && moments < 400; moments += 1) {
        evidence = behind(evidence, WELL + 1);
      }
      return 50 * moments;
    }),
  );

  assert.ok(histories.every((evidence) => !isHanging(evidence)));
  const inTime = foundMs.filter((ms) => ms <= 1_000).length;
  assert.ok(inTime >= 60, `${inTime} of 100`);
  assert.ok(Math.max(...foundMs) <= 3_000, String(foundMs));
});

for (const [usuallyLate, hangs, withinMs] of [
  [0.04, 0.25, 3_000],
  [0.1, 0.5, 4_000],
  [0.15, 0.5, 12_000],
  [0.22, 1, 1_000],
] as const) {
  const usualPercent = Math.round(100 * usuallyLate);
  test(`where ${usualPercent} % are late as usual, a candidate that leaves ${100 * hangs} % of the rest waiting is found within ${withinMs} ms`, () => {
    const late = { candidate: hangs + (1 - hangs) * usuallyLate, stable: usuallyLate };
    const found = foundMs({ perSecond: 300, share: 0.5, usuallyLate, late }, 60);

    const inTime = found.filter((ms) => ms !== null && ms > 0 && ms <= withinMs).length;
    assert.ok(inTime >= 57, `${inTime} of 60: ${found.join(' ')}`);
  });

  test(`where ${usualPercent} % are late as usual, an equal candidate does not hang`, () => {
    const late = { candidate: usuallyLate, stable: usuallyLate };
    const found = foundMs({ perSecond: 300, share: 0.5, usuallyLate, late }, 300);

    const hanging = found.filter((ms) => ms !== null).length;
    assert.ok(hanging <= 2, `${hanging} of 300`);
  });
}

/** Of so many drawn sequences of seventy seconds. */
function foundMs(traffic: DrawnTraffic, runs: number): readonly (number | null)[] {
  const draws = seededDraws(5);
  const before = { sent: 10_000, late: 10_000 * (traffic.usuallyLate ?? 0) };
  return Array.from({ length: runs }, () => {
    const found = momentsUntilFound(drawnMoments(traffic, draws), before);
    return found === null ? null : 50 * (found - WELL);
  });
}

for (const [perSecond, share, lateShare, seconds] of [
  [10, 0.5, 1, 3],
  [20, 0.8, 1, 3],
  [100, 0.9, 1, 3],
  [20, 0.75, 0.2, 60],
  [20, 0.9, 0.1, 30],
  [50, 0.95, 0.1, 30],
  [100, 0.98, 0.2, 30],
  [300, 0.9, 0.1, 30],
  [300, 0.1, 0.2, 30],
] as const) {
  const traffic = `${100 * share} % of ${perSecond} requests a second`;
  test(`when ${100 * lateShare} % of both are late for ${seconds} s, a candidate with ${traffic} does not hang`, () => {
    const late = { candidate: lateShare, stable: lateShare };
    const found = foundMs({ perSecond, share, late, seconds }, 300);

    // No more than one of a thousand is expected; three of 300 would be chance's in one of 300.
    const hangs = found.filter((ms) => ms !== null).length;
    assert.ok(hangs <= 2, `${hangs} of 300`);
  });
}

for (const [perSecond, share, withinMs] of [
  [10, 0.5, 10_000],
  [20, 0.5, 6_000],
  [20, 0.8, 8_000],
  [60, 0.9, 5_000],
  [100, 0.9, 3_000],
  [300, 0.9, 1_500],
] as const) {
  const traffic = `${100 * share} % of ${perSecond} requests a second`;
  test(`a candidate with ${traffic} that hangs by half is found within ${withinMs} ms`, () => {
    const found = foundMs({ perSecond, share, late: { candidate: 0.5, stable: 0 } }, 300);

    const inTime = found.filter((ms) => ms !== null && ms <= withinMs).length;
    assert.ok(inTime >= 285, `${inTime} of 300`);
  });
}

for (const perSecond of [1_000, 10_000]) {
  test(`usual late requests of the stable pool hide no hang of nearly all of ${perSecond} a second`, () => {
    const late = { candidate: 1, stable: 0.01 };
    const found = foundMs({ perSecond, share: 0.9, late, usuallyLate: 0.01 }, 20);

    assert.ok(
      found.every((ms) => ms !== null && ms <= 500),
      String(found),
    );
  });
}

test('without anything of the stable pool that should be beside it, a candidate does not hang', () => {
  const hung = { candidate: { sent: 9, late: 9 }, stable: none, stableShare: 0.1 };
  const heard = (number: number) =>
    number % 10 === 1 ? { ...hung, stable: { sent: 10, late: 0 } } : hung;

  assert.equal(
    momentsUntilFound(() => hung),
    null,
  );
  assert.notEqual(momentsUntilFound(heard), null);
});

test('what was seen under other weights is held against nobody', () => {
  // All is late in the moments in which it has hardly any traffic beside it, and in no others.
  const found = momentsUntilFound((number) =>
    number % 2 === 0
      ? { candidate: { sent: 19, late: 19 }, stable: none, stableShare: 0.05 }
      : { candidate: { sent: 1, late: 0 }, stable: { sent: 1, late: 0 }, stableShare: 0.5 },
  );

  assert.equal(found, null);
});
