import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostBench } from '../../../../test/support/host/running-host.ts';
import { OperationalError } from '../../../core/operational-error.ts';
import { describeTargetContract, type ReleaseBehaviour } from '../../contract-suites/target.ts';
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
    async kill(instance) {
      const instances = (await bench.pools()).flatMap((pool) => pool.instances);
      process.kill(instances.find(({ id }) => id === instance)!.pid!, 'SIGKILL');
    },
  };
});

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
