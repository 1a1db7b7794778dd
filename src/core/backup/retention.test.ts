import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { removableBackups, type KeptBackup } from './retention.ts';

const NOW_MS = 1_000;

const anyBackups = fc
  .array(
    fc.record({
      takenAtMs: fc.nat(NOW_MS),
      isHeld: fc.boolean(),
      verification: fc.constantFrom(null, { isPassed: true }, { isPassed: false }),
    }),
  )
  .map((backups) => backups.map((backup, at): KeptBackup => ({ ...backup, id: `b${at}` })));

test('the last that is verified is never removed, nor what is held, nor what is young', () => {
  fc.assert(
    fc.property(anyBackups, fc.nat(3), fc.nat(NOW_MS), (backups, verifiedMin, ageMaxMs) => {
      const removed = new Set(removableBackups(backups, { verifiedMin, ageMaxMs }, NOW_MS));
      const left = backups.filter(({ id }) => !removed.has(id));
      const isVerified = ({ verification }: KeptBackup): boolean => verification?.isPassed === true;
      const newestOf = (some: readonly KeptBackup[]): number =>
        Math.max(...some.filter(isVerified).map(({ takenAtMs }) => takenAtMs));

      assert.equal(newestOf(left), newestOf(backups));
      const verified = backups.filter(isVerified).length;
      assert.ok(left.filter(isVerified).length >= Math.min(verifiedMin, verified));
      for (const { id, isHeld, takenAtMs } of backups) {
        if (isHeld || NOW_MS - takenAtMs <= ageMaxMs) assert.ok(!removed.has(id));
      }
    }),
  );
});

test('what is too old and not needed is removed, oldest first', () => {
  const backup = (id: string, takenAtMs: number): KeptBackup => ({
    ...{ id, takenAtMs, isHeld: false, verification: { isPassed: true } },
  });
  const backups = [backup('new', 900), backup('oldest', 100), backup('old', 200)];

  assert.deepEqual(removableBackups(backups, { verifiedMin: 1, ageMaxMs: 500 }, NOW_MS), [
    ...['oldest', 'old'],
  ]);
});
