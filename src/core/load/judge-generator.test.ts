import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judgeGenerator, type GeneratorFigures } from './judge-generator.ts';

const well: GeneratorFigures = {
  ...{ requests: 60_000, lagP99Ms: 2, cpuShare: 0.2, loopShare: 0.15, ownFailures: 0 },
  ...{ connectionsMax: 1_000, waited: 0, waitedForMs: null, serviceMinMs: 1 },
};

test('a generator that is in time and has processor to spare kept up', () => {
  assert.deepEqual(judgeGenerator(well), {
    keptUp: true,
    observed: 'Requests were sent at most 2 ms late at p99, with 20 % of a core.',
  });
});

const troubles: Readonly<Record<string, readonly [Partial<GeneratorFigures>, RegExp]>> = {
  'sends nothing': [{ requests: 0 }, /sent nothing/],
  'is late': [{ lagP99Ms: 101 }, /sent 101 ms late at p99, where 100 ms are allowed/],
  'does not know how late it is': [{ lagP99Ms: NaN }, /late at p99/],
  'uses up a core': [{ cpuShare: 0.96 }, /busy for 96 % of the time/],
  'has an event loop that is never idle': [{ loopShare: 0.97 }, /busy for 97 % of the time/],
  'has no ports left': [{ ownFailures: 3 }, /no files or ports left for 3 connections/],
  'has too few connections for a target that is quick': [
    { connectionsMax: 10, waited: 30_000, waitedForMs: 5 },
    /With 10 connections at most, 30,000 requests had to wait for one, while answers took 5 ms only/,
  ],
};

for (const [what, [figures, observed]] of Object.entries(troubles)) {
  test(`a generator that ${what} did not keep up`, () => {
    const state = judgeGenerator({ ...well, ...figures });

    assert.equal(state.keptUp, false);
    assert.match(state.observed, observed);
  });
}

test('a slow target that keeps all connections busy is not the fault of its generator', () => {
  const slowed = { ...well, waited: 30_000, waitedForMs: 200, serviceMinMs: 2 };
  const alwaysSlow = { ...well, waited: 30_000, waitedForMs: 3_000, serviceMinMs: 2_900 };
  const hung = { ...well, waited: 30_000, waitedForMs: 10_000, serviceMinMs: null };

  for (const figures of [slowed, alwaysSlow, hung]) {
    const state = judgeGenerator(figures);
    assert.equal(state.keptUp, true, state.observed);
    assert.match(
      state.observed,
      /30,000 requests waited for a connection, since the target was slow/,
    );
  }
});

test('more trouble never makes a generator one that kept up', () => {
  const worse = fc.record({
    lagP99Ms: fc.double({ min: 0, max: 1_000, noNaN: true }),
    cpuShare: fc.double({ min: 0, max: 2, noNaN: true }),
    loopShare: fc.double({ min: 0, max: 1, noNaN: true }),
    ownFailures: fc.nat({ max: 5 }),
  });
  fc.assert(
    fc.property(worse, worse, (some, more) => {
      const before = { ...well, ...some };
      const after = {
        ...well,
        lagP99Ms: some.lagP99Ms + more.lagP99Ms,
        cpuShare: some.cpuShare + more.cpuShare,
        loopShare: Math.min(1, some.loopShare + more.loopShare),
        ownFailures: some.ownFailures + more.ownFailures,
      };

      if (judgeGenerator(after).keptUp) assert.ok(judgeGenerator(before).keptUp);
    }),
  );
});
