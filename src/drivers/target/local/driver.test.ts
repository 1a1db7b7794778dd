import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostBench } from '../../../../test/support/host/running-host.ts';
import { OperationalError } from '../../../core/operational-error.ts';
import { describeTargetContract } from '../../contract-suites/target.ts';
import type { ReleaseBehaviour } from '../../contract-suites/target-subject.ts';
import { localTarget } from './driver.ts';

const scripts: Readonly<Record<ReleaseBehaviour, string>> = {
  serves: `
    import { createServer } from 'node:net';
    createServer((socket) => socket.on('error', () => {}).end()).listen(
      Number(process.env.PORT), process.env.HOST, () => console.log('ready'));
  `,
  'never-accepts': 'setInterval(() => {}, 1000);',
  exits: "console.log('giving up'); process.exitCode = 7;",
};

const minimal = { command: ['node', 'run.mjs'], instances: 2 };

describeTargetContract('local', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const target = localTarget.connect(localTarget.config.parse(minimal), {
    stateDirectory: bench.stateDirectory.root,
  });
  return {
    target,
    spec: (deployment, behaviour, change) =>
      bench.spec(deployment, { instances: 2, ...change }, scripts[behaviour]),
    async damage({ artifact: { digest } }) {
      const copy = join(bench.stateDirectory.host, 'artifacts', digest.replace(':', '-'));
      appendFileSync(join(copy, 'run.mjs'), '// changed');
    },
    async kill(instance) {
      const instances = (await bench.pools()).flatMap((pool) => pool.instances);
      process.kill(instances.find(({ id }) => id === instance)!.pid!, 'SIGKILL');
    },
  };
});

test(
  'what an instance takes up is that of all its processes',
  { skip: process.platform !== 'linux' },
  async (context) => {
    const bench = await hostBench(context);
    await bench.start();
    const target = localTarget.connect(localTarget.config.parse(minimal), {
      stateDirectory: bench.stateDirectory.root,
    });
    const child = `
      import { openSync } from 'node:fs';
      const held = Buffer.alloc(64 * 1024 ** 2, 1);
      for (let file = 0; file < 50; file += 1) openSync('/dev/null');
      process.send(held.length);
      setInterval(() => held.at(0), 1000);
    `;
    const parent = `
      import { fork } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      import { createServer } from 'node:net';
      writeFileSync('child.mjs', ${JSON.stringify(child)});
      fork('./child.mjs').once('message', () => createServer((socket) => socket.end())
        .listen(Number(process.env.PORT), process.env.HOST));
    `;
    const usedBy = async (deployment: number, script: string) => {
      const spec = await bench.spec(deployment, { instances: 1 }, script);
      const signal = AbortSignal.timeout(60_000);
      await target.ensure(spec, { token: { deployment, sequence: 1 }, signal });
      const usage = await target.usage(spec.scope, { signal });
      return usage.find(({ pool }) => pool === spec.pool)?.gauges;
    };

    const alone = await usedBy(1, scripts.serves);
    const withChild = await usedBy(2, parent);

    const more = (name: 'memory' | 'openFiles') => (withChild?.[name] ?? 0) - (alone?.[name] ?? 0);
    assert.ok(more('memory') > 64 * 1_024 ** 2, `${more('memory')}`);
    assert.ok(more('openFiles') > 50, `${more('openFiles')}`);
  },
);

test('the smallest configuration gets its defaults in milliseconds', () => {
  assert.deepEqual(localTarget.config.parse({ ...minimal, ports: '21000-21999' }), {
    ...minimal,
    startTimeout: 30_000,
    stopGrace: 10_000,
    ports: { from: 21_000, to: 21_999 },
  });
});

const refused: [string, Record<string, unknown>, RegExp][] = [
  ['an empty command', { command: [] }, /names the program/],
  ['an empty word', { command: ['node', ''] }, /must not be empty/],
  ['a NUL in a word', { command: ['no\0de'] }, /NUL/],
  ['no instance', { instances: 0 }, />=1/],
  ['a crowd of instances', { instances: 65 }, /<=64/],
  ['half an instance', { instances: 1.5 }, /int/],
  ['a variable name that is none', { env: { '1A': 'x' } }, /letters, digits/],
  ['a reserved variable', { env: { PORT: '1' } }, /set by Surefoot/],
  ['another reserved variable', { env: { SUREFOOT_POOL: '1' } }, /set by Surefoot/],
  ['a duration without a unit', { startTimeout: '30' }, /duration/],
  ['a range that is none', { ports: '2-1' }, /no range of ports/],
  ['a port beyond the last', { ports: '1-70000' }, /no range of ports/],
  ['an unknown key', { replicas: 2 }, /replicas/],
];

for (const [what, change, message] of refused) {
  test(`${what} is refused by the local target`, () => {
    const result = localTarget.config.safeParse({ ...minimal, ...change });

    assert.equal(result.success, false);
    assert.match(JSON.stringify(result.error.issues), message);
  });
}

test('without a host the local target says that nothing was changed', async (context) => {
  const bench = await hostBench(context);
  const target = localTarget.connect(localTarget.config.parse(minimal), {
    stateDirectory: bench.stateDirectory.root,
  });
  const token = { deployment: 1, sequence: 1 };
  const spec = await bench.spec(1);

  await assert.rejects(
    target.ensure(spec, { token, signal: AbortSignal.timeout(10_000) }),
    (error) =>
      error instanceof OperationalError &&
      error.failure.code === 'agent-unreachable' &&
      error.failure.effect === 'none',
  );
});
