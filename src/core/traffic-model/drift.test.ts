import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driftOn } from './drift.ts';
import { quickDraws } from './quick-draws.ts';

const kind = { deviation: 0.02, keepsS: 60 };

function isNear(found: number, expected: number, within: number, what: string): void {
  assert.ok(Math.abs(found - expected) <= within, `${what}: ${found}, not ${expected}`);
}

test('a drift keeps its deviation however often it goes on, and forgets within its time', () => {
  const draws = quickDraws(1);
  for (const afterS of [1, 60, 600]) {
    let drift = kind.deviation * draws.normal();
    let squares = 0;
    let products = 0;
    const steps = 40_000;
    for (let step = 0; step < steps; step += 1) {
      const next = driftOn(draws, kind, drift, afterS);
      squares += next ** 2;
      products += drift * next;
      drift = next;
    }
    // Independent values: as many as the drift forgets in between, five standard errors.
    const within = 5 * Math.sqrt((2 * (1 + 2 * (kind.keepsS / afterS))) / steps);
    isNear(squares / steps / kind.deviation ** 2, 1, within, `variance in steps of ${afterS} s`);
    isNear(products / squares, Math.exp(-afterS / kind.keepsS), 0.03, `kept over ${afterS} s`);
  }
});
