/** What becomes of a candidate's traffic when server or database are gone and stay away. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashRollout, openCrashStand } from '../../tools/crash/crash-stand.ts';
import { followAudit } from '../../tools/crash/follow-audit.ts';
import { judgeEnd, readRecord } from '../../tools/crash/judge-end.ts';
import { leaseRun } from '../../tools/crash/lease-run.ts';
import { readRouting } from '../../tools/crash/read-routing.ts';
import { findProcess, isAlive } from '../../tools/crash/process-table.ts';
import { until } from '../support/until.ts';

const options = process.platform === 'linux' ? {} : { skip: 'processes are found in /proc' };

test(
  'without a server the edge gives the traffic back when the lease has run out',
  options,
  async () => {
    const [run] = await leaseRun([50], () => undefined, 3_000);

    assert.deepEqual(run?.violations, []);
    assert.equal(run.outcome, 'reverted');
    assert.match(run.cause, /lease.lapsed/i);
  },
);

test(
  'without a database a bad release loses its traffic all the same, and is reverted later',
  options,
  async (t) => {
    // So long that whoever takes the traffic away, it is not the lease.
    const stand = await openCrashStand({
      rollout: { ...crashRollout, lease: '60s', latencyMax: '150ms' },
    });
    t.after(() => stand.close());
    const { directory } = stand;
    const targets = [await stand.pidOf('keeper'), await stand.pidOf('postgres')];
    const postmaster = (await findProcess(targets[1]!))!;
    const over = new AbortController();
    t.after(() => over.abort());
    const followed = followAudit(directory, 'd2', {
      signal: over.signal,
      onEntry({ body }) {
        if (body.kind !== 'CommandIssued' || body.step !== 'judge-20' || over.signal.aborted)
          return;
        for (const pid of targets) process.kill(pid, 'SIGKILL');
        over.abort();
      },
    });

    await stand.surefoot(['deploy', '--release', '3.3', '--detach']);
    await followed;
    await until('PostgreSQL is gone', async () => !(await isAlive(postmaster)));

    await until('the slow release has no traffic', async () => {
      const routing = await readRouting(directory);
      return routing!.pools.every(
        ({ version, weight }) => weight === (version === '1.0' ? 100 : 0),
      );
    });
    const routing = await readRouting(directory);
    assert.equal(routing?.fallback, null, 'the server has done it, not the lapse of the lease');

    const up = await stand.surefoot(['up']);
    assert.equal(up.exitCode, 0, up.stderr);
    const watched = await stand.surefoot(['watch', 'd2', '--json']);
    assert.equal(watched.exitCode, 3, watched.stderr);
    assert.deepEqual(await judgeEnd(stand, 'd2'), { outcome: 'reverted', violations: [] });
    assert.equal((await readRecord(stand, 'd2')).summary?.cause?.failure.code, 'gate-failed');
    const { history } = await stand.endLoad();
    assert.deepEqual(
      history.outcomes.filter(({ outcome }) => outcome !== 'ok'),
      [],
    );
  },
);
