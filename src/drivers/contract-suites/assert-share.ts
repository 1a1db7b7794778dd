import assert from 'node:assert/strict';

/** That so many of all are a drawn share of so many percent: within five standard deviations. */
export function assertShare(count: number, all: number, percent: number): void {
  const share = percent / 100;
  const deviation = Math.sqrt(all * share * (1 - share));
  const isLikely = Math.abs(count - all * share) <= 5 * deviation;
  assert.ok(isLikely, `${count} of ${all} are not ${percent} %`);
}
