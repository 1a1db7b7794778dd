/**
 * Two servers on one database: what becomes of deployments when the one that drives is killed, frozen or
 * cut off, judged by what the balancer routes, what clients saw and what the audit log says.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { keeperStatus } from '../../src/platform/keeper-status.ts';
import { roleLogFile } from '../../src/platform/keeper-files.ts';
import { openCrashStand } from '../../tools/crash/crash-stand.ts';
import { judgeEnd, judgeService, readRecord } from '../../tools/crash/judge-end.ts';
import { readRouting } from '../../tools/crash/read-routing.ts';
import { watchRouting } from '../../tools/crash/watch-routing.ts';
import { freePort } from '../../tools/stand/free-port.ts';
import { faultsOfRecord } from '../support/faults-of-record.ts';
import { linkServers } from '../support/replicas/linked-servers.ts';
import {
  askedAt,
  bothServers,
  followBoth,
  isAt,
  otherThan,
  untilDrives,
  untilOneDrives,
  type ServerName,
} from '../support/replicas/replicas.ts';
import { until } from '../support/until.ts';

const options = process.platform === 'linux' ? {} : { skip: 'processes are found in /proc' };
test('of two servers one drives, and the other goes on in its place', options, async (t) => {
  const stand = await openCrashStand();
  t.after(() => stand.close());
  const { directory } = stand;
  const restartsOf = async (name: ServerName): Promise<number> =>
    (await keeperStatus(directory))!.roles.find((role) => role.name === name)!.restarts;

  async function configFile(name: string, change: (text: string) => string): Promise<string> {
    const folder = dirname(directory.root);
    const text = await readFile(join(folder, 'surefoot.yaml'), 'utf8');
    await writeFile(join(folder, name), change(text));
    return join(folder, name);
  }

  await t.test('a second server is added while everything runs', async () => {
    const before = await stand.pidOf('server');

    const up = await stand.surefoot(['up', '--servers', '2', '--json']);

    assert.equal(up.exitCode, 0, up.stderr);
    assert.equal(await stand.pidOf('server'), before, 'the first one runs on');
    assert.equal(await untilOneDrives(directory), 'server');
  });

  await t.test('killed again and again, whoever drives is followed by the other', async (t) => {
    const strikes = [
      ['CommandIssued', 'start-candidate'],
      ['CommandSucceeded', 'shift-50'],
      ['CommandIssued', 'retire-old'],
    ] as const;
    const tookMs: Promise<number>[] = [];
    let driver = await untilOneDrives(directory);
    let pid = await stand.pidOf(driver);
    const watch = watchRouting(directory);
    const followed = followBoth(directory, 'd2', (entry) => {
      const strike = strikes[tookMs.length];
      if (!strike || !isAt(entry, strike[0], strike[1])) return;
      process.kill(pid, 'SIGKILL');
      const next = otherThan(driver);
      const since = performance.now();
      tookMs.push(
        (async () => {
          const ms = await untilDrives(directory, next, since);
          driver = next;
          pid = await stand.pidOf(next);
          return ms;
        })(),
      );
    });

    const call = await stand.surefoot(['deploy', '--release', '2.0', '--json']);

    assert.equal(call.exitCode, 0, call.stderr);
    assert.deepEqual(faultsOfRecord(await followed), []);
    await watch.stop();
    assert.deepEqual(watch.complaints, []);
    assert.equal(tookMs.length, strikes.length, 'every kill fired');
    t.diagnostic(`took over after ${(await Promise.all(tookMs)).join(', ')} ms`);
    await untilOneDrives(directory);
    assert.deepEqual(await judgeEnd(stand, 'd2'), { outcome: 'promoted', violations: [] });
  });

  await t.test('frozen while the other goes on, it writes nothing and starts anew', async (t) => {
    const driver = await untilOneDrives(directory);
    const other = otherThan(driver);
    const pid = await stand.pidOf(driver);
    t.after(() => signalIfThere(pid, 'SIGCONT'));
    const restarts = await restartsOf(driver);
    const there = { ...stand, directory: askedAt(directory, other) };
    const tookMs: Promise<number>[] = [];
    let isThawed = false;
    const watch = watchRouting(directory);
    const followed = followBoth(directory, 'd3', (entry) => {
      if (isAt(entry, 'CommandIssued', 'judge-50') && tookMs.length === 0) {
        process.kill(pid, 'SIGSTOP');
        tookMs.push(untilDrives(directory, other, performance.now()));
      }
      if (isAt(entry, 'CommandIssued', 'judge-100') && !isThawed) {
        isThawed = true;
        process.kill(pid, 'SIGCONT');
      }
    });

    const call = await stand.surefoot(['--server', other, 'deploy', '--release', '4.0', '--json']);

    assert.equal(call.exitCode, 0, call.stderr);
    assert.deepEqual(faultsOfRecord(await followed), []);
    assert.ok(isThawed);
    await watch.stop();
    assert.deepEqual(watch.complaints, []);
    assert.deepEqual(weightsInTurn(watch.changes), [
      '2.0: 100 %',
      '2.0: 80 %, 4.0: 20 %',
      '2.0: 50 %, 4.0: 50 %',
      '4.0: 100 %',
    ]);
    t.diagnostic(`took over after ${(await Promise.all(tookMs)).join(', ')} ms`);
    assert.deepEqual(await judgeEnd(there, 'd3'), { outcome: 'promoted', violations: [] });
    await until(
      'the thawed one was started anew',
      async () => (await restartsOf(driver)) > restarts,
    );
    assert.match(await readFile(roleLogFile(directory, driver), 'utf8'), /Another server drives/);
    assert.equal(await untilOneDrives(directory), other);
  });

  await t.test('partitions', async (t) => {
    const servers = await linkServers(t, stand);

    await t.test('cut off, the driver stops, and the other goes on without a lapse', async (t) => {
      const driver = await untilOneDrives(directory);
      const other = otherThan(driver);
      const there = { ...stand, directory: askedAt(directory, other) };
      const tookMs: Promise<number>[] = [];
      const watch = watchRouting(directory);
      const followed = followBoth(directory, 'd4', (entry) => {
        if (!isAt(entry, 'CommandIssued', 'judge-20')) return;
        servers[driver].link.cut();
        tookMs.push(untilDrives(directory, other, performance.now()));
      });

      const call = await stand.surefoot([
        '--server',
        other,
        'deploy',
        '--release',
        '2.0',
        '--json',
      ]);

      assert.equal(call.exitCode, 0, call.stderr);
      t.diagnostic(`took over after ${(await Promise.all(tookMs)).join(', ')} ms`);
      const restarts = servers[driver].restarts();
      servers[driver].link.mend();
      assert.deepEqual(faultsOfRecord(await followed), []);
      await watch.stop();
      assert.deepEqual(watch.complaints, []);
      assert.deepEqual(weightsInTurn(watch.changes), [
        '4.0: 100 %',
        '4.0: 80 %, 2.0: 20 %',
        '4.0: 50 %, 2.0: 50 %',
        '2.0: 100 %',
      ]);
      assert.deepEqual(await judgeService(there, 'd4'), { outcome: 'promoted', violations: [] });
      await until(
        'who was replaced has ended and was started anew',
        () => servers[driver].restarts() > restarts,
      );
      assert.equal(await untilOneDrives(directory), other);
    });

    await t.test('both cut off, the lease gives the traffic back, and it is reverted', async () => {
      const config = await configFile('short-lease.yaml', (text) =>
        text.replace(/ lease: .*/, ' lease: 3s'),
      );
      const followed = followBoth(directory, 'd5', (entry) => {
        if (!isAt(entry, 'CommandIssued', 'judge-50')) return;
        for (const name of bothServers) servers[name].link.cut();
      });
      const call = stand.surefoot(['--config', config, 'deploy', '--release', '4.0']);
      const ended = call.then(({ stderr }) =>
        Promise.reject(new Error(`It ended at once: ${stderr}`)),
      );

      const lapsed = until(
        'the lease has run out',
        async () => (await readRouting(directory))?.fallback !== null,
      );
      await Promise.race([lapsed, ended]);
      const routing = await readRouting(directory);
      for (const name of bothServers) servers[name].link.mend();

      assert.deepEqual(
        routing?.pools.filter(({ weight }) => weight > 0).map(({ version }) => version),
        ['2.0'],
      );
      assert.equal((await call).exitCode, 3, (await call).stderr);
      assert.deepEqual(faultsOfRecord(await followed), []);
      await untilOneDrives(directory);
      assert.deepEqual(await judgeService(stand, 'd5'), { outcome: 'reverted', violations: [] });
      const { summary } = await readRecord(stand, 'd5');
      assert.match(summary?.cause?.failure.message ?? '', /lease.lapsed/i);
    });

    await t.test(
      'of one service one deployment runs, whichever server is asked; another is not held up',
      async () => {
        const driver = await untilOneDrives(directory);
        const other = otherThan(driver);
        const there = { ...stand, directory: askedAt(directory, other) };
        const ask = (...args: readonly string[]) => stand.surefoot(['--server', other, ...args]);
        const slow = await configFile('slow.yaml', (text) =>
          text.replace(/holdFor: .*/, 'holdFor: 30s'),
        );
        const port = await freePort();
        const archive = await configFile('archive.yaml', (text) =>
          text
            .replace('  newsroom:', '  archive:')
            .replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`),
        );
        const asked: ReturnType<typeof ask>[] = [];
        const followed = followBoth(directory, 'd6', (entry) => {
          if (isAt(entry, 'CommandIssued', 'start-candidate')) {
            asked.push(ask('deploy', '--release', '4.0'));
            asked.push(ask('--config', archive, 'deploy', '--release', '1.0'));
          }
        });

        const call = stand.surefoot([
          ...['--server', driver, '--config', slow],
          ...['deploy', '--release', '1.0'],
        ]);

        await until('both were asked', () => asked.length === 2);
        const [second, another] = await Promise.all(asked);
        assert.equal(second?.exitCode, 6, second?.stderr);
        assert.equal(another?.exitCode, 0, another?.stderr);
        assert.equal((await readRecord(there, 'd7')).services[0]?.service, 'archive');
        assert.equal((await readRecord(there, 'd6')).status, 'running');
        const abort = await ask('abort', 'd6', '--reason', 'to see the way back');
        assert.equal(abort.exitCode, 0, abort.stderr);
        assert.equal((await call).exitCode, 3, 'the driver heard of the abort');
        assert.deepEqual(faultsOfRecord(await followed), []);
      },
    );
  });

  await t.test('no client noticed any of it', async () => {
    const { history, isEveryWriteThere } = await stand.endLoad();

    assert.deepEqual(
      history.outcomes.filter(({ outcome }) => outcome !== 'ok'),
      [],
    );
    assert.ok(isEveryWriteThere);
  });
});

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended, as it should.
  }
}

/** A lease that begins or ends changes no weight. */
function weightsInTurn(changes: readonly { readonly weights: string }[]): readonly string[] {
  return changes
    .map(({ weights }) => weights)
    .filter((weights, index, all) => weights !== all[index - 1]);
}
