import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from '../../src/core/audit/audit-entry.ts';
import { LONG_FREEZE_MS, SHORT_FREEZE_MS } from './blow.ts';
import type { CrashRun } from './crash-run.ts';
import { complaintsAboutPause } from './judge-pause.ts';
import type { Victim } from './victim.ts';

const AT_MS = 10_000;

type Pause = Parameters<typeof complaintsAboutPause>[0];

function pause(victim: Victim, forMs: number, changes: Partial<Pause> = {}): Pause {
  const blow = { kind: 'freeze', forMs } as const;
  return {
    plan: { victim, blow, step: 'judge-50', moment: 'CommandIssued', way: 'good' },
    strike: { pid: 1, atMs: AT_MS, sentAtMs: AT_MS, overAtMs: AT_MS + forMs },
    audit: [],
    routing: [],
    ...changes,
  };
}

const leased = { weights: '1.0: 50 %, 2.0: 50 %', hasLease: true, isStableAlone: false };
const back = { weights: '1.0: 100 %', hasLease: true, isStableAlone: true };

function routing(backAfterMs: number): CrashRun['routing'] {
  return [
    { ...leased, atMs: AT_MS - 500 },
    { ...back, atMs: AT_MS + backAfterMs },
  ];
}

test('a server frozen for longer than the lease must have lost the candidate its traffic', () => {
  const late = pause('server', LONG_FREEZE_MS, { routing: routing(8_600) });
  const inTime = pause('server', LONG_FREEZE_MS, { routing: routing(4_100) });

  assert.match(complaintsAboutPause(late)[0] ?? '', /kept its traffic for more than 5000 ms/);
  assert.deepEqual(complaintsAboutPause(inTime), []);
});

test('a server that notices only later that its database is frozen has a little more time', () => {
  const inTime = pause('postgres', LONG_FREEZE_MS, { routing: routing(7_100) });
  const never = pause('postgres', LONG_FREEZE_MS, { routing: [{ ...leased, atMs: AT_MS - 500 }] });

  assert.deepEqual(complaintsAboutPause(inTime), []);
  assert.match(complaintsAboutPause(never)[0] ?? '', /kept its traffic/);
});

test('where nothing was leased, or the host was frozen, traffic stays where it is', () => {
  const settled = [{ ...leased, hasLease: false, atMs: AT_MS - 500 }];

  assert.deepEqual(complaintsAboutPause(pause('server', LONG_FREEZE_MS, { routing: settled })), []);
  assert.deepEqual(
    complaintsAboutPause(pause('host', LONG_FREEZE_MS, { routing: routing(60_000) })),
    [],
  );
});

test('a freeze shorter than the lease must not cost the lease', () => {
  const cause = { failure: { code: 'lease-lost' } };
  const audit = [{ body: { kind: 'DeploymentReverted', cause } } as AuditEntry];

  assert.match(
    complaintsAboutPause(pause('server', SHORT_FREEZE_MS, { audit }))[0] ?? '',
    /shorter than the lease/,
  );
  assert.deepEqual(complaintsAboutPause(pause('server', LONG_FREEZE_MS, { audit })), []);
});
