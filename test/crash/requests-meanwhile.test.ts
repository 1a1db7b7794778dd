/** What people ask for while a deployment runs, and what clients have open meanwhile. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import type { EventLine } from '../../src/api/contract/answers.ts';
import { crashRollout, openCrashStand } from '../../tools/crash/crash-stand.ts';
import { judgeEnd, readRecord } from '../../tools/crash/judge-end.ts';

const options = process.platform === 'linux' ? {} : { skip: 'processes are found in /proc' };
const SLOW_EVERY_MS = 100;

test(
  'requests at the same time: one deployment, an abort, a way back that cuts nobody off',
  options,
  async (t) => {
    const stand = await openCrashStand({ rollout: { ...crashRollout, drain: '300ms' } });
    t.after(() => stand.close());

    await t.test('of two deployments at once one is refused with exit code 6', async () => {
      const calls = await Promise.all(
        ['2.0', '4.0'].map((release) => stand.surefoot(['deploy', '--release', release])),
      );

      const codes = calls.map(({ exitCode }) => exitCode).sort();
      assert.deepEqual(codes, [0, 6], calls.map(({ stderr }) => stderr).join('\n'));
      assert.deepEqual(await judgeEnd(stand, 'd2'), { outcome: 'promoted', violations: [] });
    });

    await t.test(
      'an abort while traffic is judged takes the release back, exit code 3',
      async () => {
        const aborts: ReturnType<typeof stand.surefoot>[] = [];

        const call = await stand.surefoot(['deploy', '--release', '1.0', '--json'], (line) => {
          if (isAt(line, 'CommandIssued', 'judge-20')) {
            aborts.push(stand.surefoot(['abort', 'd3', '--reason', 'changed our mind']));
          }
        });

        assert.deepEqual(
          (await Promise.all(aborts)).map(({ exitCode }) => exitCode),
          [0],
        );
        assert.equal(call.exitCode, 3, call.stderr);
        assert.deepEqual(await judgeEnd(stand, 'd3'), { outcome: 'reverted', violations: [] });
        assert.equal((await readRecord(stand, 'd3')).summary?.cause?.failure.code, 'aborted');
      },
    );

    await t.test(
      'a rollback brings 1.0 back, and a request of two seconds outlives the release that answers it',
      async () => {
        const [change] = (await readRecord(stand, 'd2')).services;
        const slow: ReturnType<typeof slowRequest>[] = [];
        const moments = { starting: null as NodeJS.Timeout | null, retiringAtMs: 0 };

        const call = await stand.surefoot(['rollback', '--yes', '--json'], (line) => {
          // Before the new instances are there: what is told of that may come when they serve already.
          if (isAt(line, 'CommandIssued', 'start-candidate')) {
            moments.starting = setInterval(() => slow.push(slowRequest(stand.url)), SLOW_EVERY_MS);
          }
          if (isAt(line, 'CommandIssued', 'retire-old')) {
            clearInterval(moments.starting!);
            moments.retiringAtMs = Date.now();
          }
        });

        clearInterval(moments.starting ?? undefined);
        const answers = await Promise.all(slow);
        assert.equal(call.exitCode, 0, call.stderr);
        assert.deepEqual(await judgeEnd(stand, 'd4'), { outcome: 'promoted', violations: [] });
        assert.equal((await readRecord(stand, 'd4')).services[0]?.release.version, '1.0');
        assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
        const late = answers.filter(
          ({ version, endedAtMs }) =>
            version === change?.release.version && endedAtMs > moments.retiringAtMs,
        );
        assert.ok(late.length > 0, 'the old release answered after it was told to end');
      },
    );

    await t.test('no client noticed any of it', async () => {
      const { history, isEveryWriteThere } = await stand.endLoad();

      assert.deepEqual(
        history.outcomes.filter(({ outcome }) => outcome !== 'ok'),
        [],
      );
      assert.ok(isEveryWriteThere);
    });
  },
);

function isAt(line: EventLine, kind: string, step: string): boolean {
  if (line.kind !== 'audit') return false;
  const { body } = line.entry;
  return body.kind === kind && 'step' in body && body.step === step;
}

interface SlowAnswer {
  readonly status: number | string;
  readonly version: string;
  readonly endedAtMs: number;
}

function slowRequest(url: string): Promise<SlowAnswer> {
  return new Promise((resolve) => {
    const call = request(new URL('/reports/slow', url), { agent: false }, (response) => {
      response.resume();
      response.once('close', () =>
        resolve({
          status: response.complete ? (response.statusCode ?? 0) : 'cut',
          version: String(response.headers['x-newsroom-version']),
          endedAtMs: Date.now(),
        }),
      );
    });
    call.once('error', ({ message }) => resolve({ status: message, version: '', endedAtMs: 0 }));
    call.end();
  });
}
