import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judgeRetention, type KeptBackup } from './retention.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 100 * DAY_MS;

function aBackup(id: string, ageDays: number, changes: Partial<KeptBackup> = {}): KeptBackup {
  return {
    ...{ id, takenAtMs: NOW_MS - ageDays * DAY_MS, isInUse: false },
    verification: { isPassed: true },
    ...changes,
  };
}

const anyBackup = fc.record({
  ageDays: fc.integer({ min: -2, max: 40 }),
  by: fc.constantFrom('', '', '-d1', '-d2', '-d10'),
  isInUse: fc.boolean(),
  verification: fc.constantFrom(null, { isPassed: true }, { isPassed: false }),
});

const anyBackups = fc
  .array(anyBackup, { maxLength: 12 })
  .map((all) =>
    all.map(({ ageDays, by, ...backup }, at) => aBackup(`b${at}${by}`, ageDays, backup)),
  );

const anyRetention = fc.record({ last: fc.nat(4), days: fc.nat(40) });

function leftOf(backups: readonly KeptBackup[], retention: { last: number; days: number }) {
  const judged = judgeRetention(backups, retention, NOW_MS);
  return backups.filter((_, at) => judged[at]?.staysAs !== null);
}

const isVerified = ({ verification }: KeptBackup): boolean => verification?.isPassed === true;

test('whatever is kept, one that is verified is there behind it when one was, and the newest is', () => {
  fc.assert(
    fc.property(anyBackups, anyRetention, (backups, retention) => {
      const newestOf = (some: readonly KeptBackup[]): number =>
        Math.max(...some.filter(isVerified).map(({ takenAtMs }) => takenAtMs));

      assert.equal(newestOf(leftOf(backups, retention)), newestOf(backups));
    }),
  );
});

test('so it is even when all that are in use are found to be damaged meanwhile', () => {
  fc.assert(
    fc.property(anyBackups, anyRetention, (backups, retention) => {
      const sound = (some: readonly KeptBackup[]): number =>
        some.filter((backup) => isVerified(backup) && !backup.isInUse).length;
      const found = sound(backups);

      const left = sound(leftOf(backups, retention));

      assert.ok(left >= Math.min(found, Math.max(1, retention.last)));
    }),
  );
});

test('what is in use, young, of the newest deployment, or of an unknown worth stays', () => {
  fc.assert(
    fc.property(anyBackups, anyRetention, (backups, retention) => {
      const left = new Set(leftOf(backups, retention).map(({ id }) => id));
      const newest = ['-d10', '-d2', '-d1'].find((by) => backups.some(({ id }) => id.endsWith(by)));
      for (const { id, isInUse, takenAtMs } of backups.filter((backup) => !left.has(backup.id))) {
        assert.ok(!isInUse && NOW_MS - takenAtMs > retention.days * DAY_MS);
        assert.ok(newest === undefined || !id.endsWith(newest));
        assert.ok(backups.some((other) => isVerified(other) && other.takenAtMs > takenAtMs));
      }
    }),
  );
});

test('to judge what is left once more lets nothing more go', () => {
  fc.assert(
    fc.property(anyBackups, anyRetention, (backups, retention) => {
      const left = leftOf(backups, retention);
      assert.deepEqual(leftOf(left, retention), left);
    }),
  );
});

test('each is told why it stays', () => {
  const backups = [
    aBackup('newest', 31, { verification: null }),
    aBackup('verified', 32),
    aBackup('failed', 33, { verification: { isPassed: false } }),
    aBackup('second', 34),
    aBackup('restored', 40, { isInUse: true }),
    aBackup('b-d12', 50),
    aBackup('b-d9', 50),
    aBackup('young', 30, { verification: null }),
  ];

  assert.deepEqual(
    judgeRetention(backups, { last: 1, days: 30 }, NOW_MS).map(({ id, staysAs }) => [id, staysAs]),
    [
      ['newest', 'newer'],
      ['verified', 'among the last verified'],
      ['failed', null],
      ['second', null],
      ['restored', 'in use'],
      ['b-d12', 'of the newest deployment'],
      ['b-d9', null],
      ['young', 'young'],
    ],
  );
});

test('where none is verified nothing goes, however old it is', () => {
  const backups = [
    aBackup('taken', 90, { verification: null }),
    aBackup('failed', 91, { verification: { isPassed: false } }),
    aBackup('tried out again', 92, { isInUse: true }),
  ];

  assert.deepEqual(leftOf(backups, { last: 1, days: 30 }), backups);
});

test('one of the future shows that a clock is wrong, and lets no other go', () => {
  const backups = [aBackup('future', -1), aBackup('last', 90), aBackup('before', 91)];

  assert.deepEqual(
    judgeRetention(backups, { last: 1, days: 30 }, NOW_MS).map(({ staysAs }) => staysAs),
    ['young', 'among the last verified', null],
  );
});
