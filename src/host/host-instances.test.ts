import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { chmod, readdir, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { failsWith } from '../../test/support/fails-with.ts';
import { hostBench, servingScript, type HostBench } from '../../test/support/host/running-host.ts';
import { until } from '../../test/support/until.ts';
import type { InstanceObservation, PoolObservation, PoolSpec } from '../core/model/pool.ts';
import { identifyProcess } from '../platform/process-identity.ts';

async function ensure(
  bench: HostBench,
  spec: PoolSpec,
  sequence = 1,
  ports?: { from: number; to: number },
): Promise<PoolObservation> {
  const body = { spec, token: { deployment: 1, sequence }, ...(ports && { ports }) };
  return (await bench.post('/v1/ensure', body)) as PoolObservation;
}

async function stop(bench: HostBench, spec: PoolSpec, sequence: number, graceMs = 5_000) {
  const { pool, scope } = spec;
  const body = { pool, scope, graceMs, token: { deployment: 1, sequence } };
  return (await bench.post('/v1/stop', body)) as PoolObservation;
}

async function ask(instance: InstanceObservation, path = '/'): Promise<string> {
  return (await fetch(`http://${instance.host}:${instance.port}${path}`)).text();
}

async function aBusyPort(context: TestContext): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

test('an instance inherits no secret of the host', async (context) => {
  const bench = await hostBench(context);
  const { PATH, HOME } = process.env;
  await bench.start({ environment: { PATH, HOME, LANG: 'C', DATABASE_URL: 'secret', PORT: '1' } });
  const spec = await bench.spec(1, { environment: { GREETING: 'hello' } });

  const pool = await ensure(bench, spec);

  const [instance] = pool.instances;
  const seen = JSON.parse(await ask(instance!, '/env')) as Record<string, string>;
  const { PATH: path, SUREFOOT_LAUNCH: launch, ...rest } = seen;
  assert.deepEqual(rest, {
    HOME,
    LANG: 'C',
    GREETING: 'hello',
    PORT: String(instance!.port),
    HOST: '127.0.0.1',
    SUREFOOT_RELEASE: '1.0',
    SUREFOOT_CONFIG_DIGEST: 'sha256:c',
    SUREFOOT_INSTANCE: 'test.web.1.0',
    SUREFOOT_POOL: 'test.web.1',
  });
  assert.ok(path?.startsWith(`${join(process.execPath, '..')}:`));
  assert.ok(launch);
});

test('a release file replaced after the first start changes nothing', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const spec = await bench.spec(1);
  await ensure(bench, spec);

  await writeFile(join(spec.artifact.path, 'run.mjs'), 'process.exit(9);');
  const [instance] = (await ensure(bench, spec, 2)).instances;
  process.kill(instance!.pid!, 'SIGKILL');
  await until('the exit is seen', async () => {
    const [pool] = await bench.pools();
    return pool!.instances[0]!.state === 'exited';
  });
  const again = await ensure(bench, spec, 3);

  assert.equal(await ask(again.instances[0]!), String(again.instances[0]!.pid));
});

test('an artifact with another digest than planned is refused', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const spec = await bench.spec(1);
  await writeFile(join(spec.artifact.path, 'run.mjs'), 'process.exit(9);');

  await assert.rejects(ensure(bench, spec), failsWith('artifact-mismatch'));

  assert.deepEqual(await bench.pools(), []);
  assert.deepEqual(await readdir(join(bench.stateDirectory.host, 'artifacts')), []);
});

test('an artifact that is gone is missing', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const spec = await bench.spec(1);
  await rm(spec.artifact.path, { recursive: true });

  await assert.rejects(ensure(bench, spec), failsWith('artifact-missing'));
});

test('a command that cannot be started is refused and leaves nothing', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const spec = await bench.spec(1);
  const commands: [string[], RegExp][] = [
    [['./run.mjs'], /no execute permission/],
    [['./nothing'], /does not exist/],
    [['no-such-program-anywhere'], /no folder of PATH/],
  ];

  for (const [index, [command, says]] of commands.entries()) {
    const attempt = ensure(bench, { ...spec, command }, index + 1);
    await assert.rejects(attempt, failsWith('command-not-executable', says));
  }

  assert.deepEqual(await bench.pools(), []);
});

test('of a release that dies at start the error is told, not what is printed below it', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const spec = await bench.spec(1, {
    command: ['node', '-e', 'throw new TypeError("no such table")'],
  });

  await assert.rejects(ensure(bench, spec), {
    message: /ended with code 1 before it .*; its last error: TypeError: no such table\.$/,
  });
});

test('a script whose interpreter does not exist is reported', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const { artifact } = await bench.spec(1, {}, '#!/no/such/interpreter\n');
  await chmod(join(artifact.path, 'run.mjs'), 0o755);
  const { digestArtifact } = await import('../platform/artifact-digest.ts');
  const { digest } = await digestArtifact(artifact.path);
  const spec = { ...(await bench.spec(1)), artifact: { ...artifact, digest } };
  await writeFile(join(artifact.path, 'run.mjs'), '#!/no/such/interpreter\n');

  const attempt = ensure(bench, { ...spec, command: ['./run.mjs'] });

  await assert.rejects(attempt, failsWith('command-not-executable', /ENOENT/));
});

test('a follower gets the last stored lines and then each new one once', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const [instance] = (await ensure(bench, await bench.spec(1))).instances;
  await ask(instance!, '/say/zero');
  const end = new AbortController();
  const texts: string[] = [];

  for await (const line of bench.stream(
    '/v1/logs?pool=test.web.1&tail=1&follow=true',
    end.signal,
  )) {
    texts.push((line as { text: string }).text);
    if (texts.length === 4) end.abort();
    else await ask(instance!, `/say/${texts.length}`);
  }

  assert.deepEqual(texts, ['zero', '1', '2', '3']);
});

test('a taken port is not given to an instance', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const port = await aBusyPort(context);

  const attempt = ensure(bench, await bench.spec(1), 1, { from: port, to: port });

  await assert.rejects(attempt, failsWith('port-unavailable', new RegExp(String(port))));
});

test('somebody else on the port does not make an instance ready', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  // The stranger binds the instance's port as soon as it is known.
  const spec = await bench.spec(1, { startTimeoutMs: 1_500 }, 'setInterval(() => {}, 1000);');
  const attempt = assert.rejects(ensure(bench, spec), failsWith('instance-not-accepting'));
  await until(
    'the instance runs',
    async () => (await bench.pools())[0]?.instances[0]?.state === 'starting',
  );
  const [pool] = await bench.pools();
  const stranger = createServer().listen(pool!.instances[0]!.port, '127.0.0.1');
  await once(stranger, 'listening');
  context.after(() => stranger.close());

  await attempt;

  assert.equal((await bench.pools())[0]!.instances[0]!.state, 'starting');
});

test('a stop kills what ignores SIGTERM, and its children', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const script = `
    import { spawn } from 'node:child_process';
    const ignoring = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);";
    const child = spawn(process.execPath, ['-e', ignoring], { stdio: 'ignore' });
    const apart = spawn(process.execPath, ['-e', ignoring], { stdio: 'ignore', detached: true });
    console.log(child.pid); console.log(apart.pid);
    ${servingScript.replace("process.on('SIGTERM', () => process.exit(0));", "process.on('SIGTERM', () => {});")}
  `;
  const spec = await bench.spec(1, {}, script);
  const [instance] = (await ensure(bench, spec)).instances;
  const children = instance!.lastLines.slice(0, 2).map(Number);
  assert.ok(await identifyProcess(children[1]!));

  const stopped = await stop(bench, spec, 2, 300);

  assert.deepEqual(stopped.instances[0]!.exit, { code: null, signal: 'SIGKILL' });
  for (const pid of [instance!.pid!, ...children]) assert.equal(await identifyProcess(pid), null);
});

test('children that an instance left behind do not keep it from coming back', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const script = `
    import cluster from 'node:cluster';
    if (cluster.isPrimary) {
      cluster.fork();
      setInterval(() => {}, 1000);
    } else {
      process.removeAllListeners('disconnect').on('disconnect', () => {});
      ${servingScript.replace('import { createServer }', 'const { createServer }').replace("from 'node:http'", "= await import('node:http')")}
    }
  `;
  const spec = await bench.spec(1, { restart: 'always' }, script);
  const [before] = (await ensure(bench, spec)).instances;

  process.kill(before!.pid!, 'SIGKILL');

  await until('the instance is back', async () => {
    const [after] = (await bench.pools())[0]!.instances;
    return after!.state === 'accepting' && after!.pid !== before!.pid;
  });
});

test('shutting down ends instances, and the next host starts the stable ones again', async (context) => {
  const bench = await hostBench(context);
  const first = await bench.start();
  const candidate = await bench.spec(1);
  const stable = await bench.spec(2, { restart: 'always' });
  await ensure(bench, candidate, 1);
  const [before] = (await ensure(bench, stable, 2)).instances;

  await bench.post('/v1/shutdown', { stopInstances: true });

  const ended = (await bench.pools()).flatMap(({ instances }) => instances);
  assert.deepEqual(
    ended.map(({ state, unexpectedExits }) => [state, unexpectedExits]),
    [
      ['exited', 0],
      ['exited', 0],
    ],
  );
  await assert.rejects(ensure(bench, stable, 3), failsWith('agent-unreachable'));
  await first.close();
  await bench.start();
  await until('the stable pool is back', async () => {
    const [pool] = await bench.pools();
    return pool!.instances[0]!.state === 'accepting';
  });
  const [newer, older] = await bench.pools();
  assert.equal(newer!.instances[0]!.port, before!.port);
  assert.equal(older!.instances[0]!.state, 'exited');
});

test('only the newest stopped pools and used artifacts are kept', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const script = 'setInterval(() => {}, 1000);';
  const quick = { startTimeoutMs: 1 };

  for (let deployment = 1; deployment <= 7; deployment += 1) {
    const spec = await bench.spec(deployment, quick, `${script} // ${deployment}`);
    await assert.rejects(ensure(bench, spec, deployment * 2), failsWith('instance-not-accepting'));
    await stop(bench, spec, deployment * 2 + 1);
  }

  assert.deepEqual(
    (await bench.pools()).map(({ pool }) => pool),
    [7, 6, 5, 4, 3].map((deployment) => `test.web.${deployment}`),
  );
  for (const kept of ['artifacts', 'instances', 'pools']) {
    const names = await readdir(join(bench.stateDirectory.host, kept));
    assert.equal(names.length, 5, kept);
  }
});

test('a malformed request names its fields and changes nothing', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const spec = await bench.spec(1);
  const token = { deployment: 1, sequence: 1 };
  const bodies: [unknown, RegExp][] = [
    [{ spec: { ...spec, pool: '../../etc' }, token }, /spec\.pool/],
    [{ spec: { ...spec, pool: 'other.web.1' }, token }, /spec\.pool: is not of the scope/],
    [{ spec: { ...spec, environment: { PORT: '1' } }, token }, /reserved/],
    [{ spec: { ...spec, command: [] }, token }, /spec\.command/],
    [{ spec: { ...spec, instances: 0 }, token }, /spec\.instances/],
    [{ spec }, /token/],
    [null, /malformed/],
  ];

  for (const [body, says] of bodies) {
    await assert.rejects(bench.post('/v1/ensure', body), failsWith('request-invalid', says));
  }

  assert.deepEqual(await bench.pools(), []);
});

test('a pool cannot become another one', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const spec = await bench.spec(1);
  await ensure(bench, spec);

  const other = { ...spec, command: ['node', 'run.mjs', '--other'] };

  await assert.rejects(ensure(bench, other, 2), failsWith('request-invalid', /another/));
});
