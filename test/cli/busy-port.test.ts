import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import test, { type TestContext } from 'node:test';
import { anObservation } from '../support/core/traffic-builder.ts';
import { answersFor, promotedEvents } from './deployment-answers.ts';
import { aServiceStatus, aStatus } from './deployment-builder.ts';
import { json, ndjson, startFakeServer } from './fake-server.ts';
import { aProject } from './project-builder.ts';
import { runCommand } from './run-command.ts';

test('a port that another program has is refused with its key, and nothing is sent', async (t) => {
  const port = await takenPort(t);
  const folder = aProject(t, { listen: `127.0.0.1:${port}` });
  const server = await startFakeServer(t, folder, {
    ...answersFor(ndjson(...promotedEvents())),
    'GET /v1/status': json({ version: '0.1.0', driving: true, services: [] }),
  });

  const { code, err } = await runCommand(['deploy', '--release', '2.0'], { cwd: folder });

  assert.equal(code, 2);
  assert.match(err, new RegExp(`services\\.newsroom\\.balancer\\.listen: 127\\.0\\.0\\.1:${port}`));
  assert.match(err, /EADDRINUSE/);
  assert.ok(!server.seen.some(({ method }) => method === 'POST'));
});

test('a port that Surefoot itself serves is no obstacle', async (t) => {
  const port = await takenPort(t);
  const folder = aProject(t, { listen: `127.0.0.1:${port}` });
  await startFakeServer(t, folder, {
    ...answersFor(ndjson(...promotedEvents())),
    'GET /v1/status': json({
      version: '0.1.0',
      driving: true,
      services: [{ listen: { host: '127.0.0.1', port } }],
    }),
  });

  const { code, err } = await runCommand(['deploy', '--release', '2.0'], { cwd: folder });

  assert.equal(code, 0, err);
});

test('an address of ours that another program has is told by status, and a fault for the doctor', async (t) => {
  const port = await takenPort(t);
  const folder = aProject(t, { listen: `127.0.0.1:${port}` });
  const service = aServiceStatus({
    listen: { host: '127.0.0.1', port },
    routing: anObservation({ isUnserved: true }),
  });
  await startFakeServer(t, folder, { 'GET /v1/status': json(aStatus({ services: [service] })) });

  const status = await runCommand(['status'], { cwd: folder });
  const doctor = await runCommand(['doctor'], { cwd: folder });

  assert.match(status.out, new RegExp(`127\\.0\\.0\\.1:${port} \\(not open\\)`));
  assert.match(status.out, /! nobody can connect to/);
  assert.match(
    doctor.out,
    new RegExp(`fault +port of newsroom +127\\.0\\.0\\.1:${port} cannot be used`),
  );
});

async function takenPort(t: TestContext): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}
