/** `surefoot backup` with a service that speaks S3: all of it, from the file to what is brought back. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startS3 } from '../support/s3/start-s3.ts';
import { aProject } from './project-builder.ts';
import { runCommand } from './run-command.ts';

const LARGE_BYTES = 12 * 1024 * 1024;

async function aKeeper(t: TestContext) {
  const service = await startS3(t);
  const folder = aProject(t);
  const media = join(folder, 'media');
  mkdirSync(media);
  writeFileSync(join(media, 'a.jpg'), Buffer.alloc(LARGE_BYTES, 'picture '));
  writeFileSync(join(media, 'b.jpg'), 'b');
  const config = join(folder, 'surefoot.yaml');
  const store = `backupStore: { kind: s3, bucket: kept, endpoint: '${service.place.endpoint ?? ''}', partMib: 5 }`;
  const backups = `    backups:\n      media: { driver: files, path: ${media}, age: 24h, parts: 2, keep: { last: 1, days: 0 } }\n`;
  writeFileSync(config, `${readFileSync(config, 'utf8')}${backups}${store}\n`);
  const env = {
    AWS_ACCESS_KEY_ID: service.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: service.credentials.secretAccessKey,
  };
  const run = (...args: readonly string[]) => runCommand(['backup', ...args], { cwd: folder, env });
  return { ...service, folder, media, run, env };
}

async function listed(run: Awaited<ReturnType<typeof aKeeper>>['run']) {
  const { out, err, code } = await run('list', '--json');
  assert.equal(code, 0, err);
  return (JSON.parse(out) as { backups: readonly { id: string; state: string }[] }).backups;
}

test('a backup that a service keeps is taken, listed, tried out, brought back, and goes', async (t) => {
  const { run, media, folder, bucket, asked } = await aKeeper(t);

  const taken = await run('take');
  writeFileSync(join(media, 'b.jpg'), 'lost');
  const [first] = await listed(run);
  const verified = await run('verify', first?.id ?? '');
  const restored = await run('restore', first?.id ?? '', '--json');
  const again = await run('take');

  for (const { code, err } of [taken, verified, restored, again]) assert.equal(code, 0, err);
  assert.match(taken.out, /media: \S+ is VERIFIED\./);
  assert.equal(first?.state, 'VERIFIED');
  const { address } = JSON.parse(restored.out) as { address: string };
  t.after(() => rmSync(address, { recursive: true }));
  assert.equal(readFileSync(join(address, 'b.jpg'), 'utf8'), 'b');
  assert.equal(readFileSync(join(address, 'a.jpg')).length, LARGE_BYTES);
  assert.equal(asked.filter((each) => each.startsWith('PUT partNumber')).length, 6);
  const left = await listed(run);
  assert.deepEqual([left.length, left[0]?.id === first.id, left[0]?.state], [1, false, 'VERIFIED']);
  assert.equal(bucket.objects.size, 3);
  for (const { content } of bucket.objects.values()) assert.ok(!content.includes('picture'));
  assert.ok(!existsSync(join(folder, '.surefoot/backups')));
});

test('a service that is not there or refuses is told with the way out, and no secret', async (t) => {
  const { run, env, folder, setFault, stop } = await aKeeper(t);
  assert.equal((await run('take')).code, 0);

  const wrong = { ...env, AWS_SECRET_ACCESS_KEY: 'another-secret' };
  const refused = await runCommand(['backup', 'take'], { cwd: folder, env: wrong });
  const half = await runCommand(['backup', 'list'], {
    ...{ cwd: folder, env: { AWS_ACCESS_KEY_ID: 'access-key' } },
  });
  setFault(() => ({ kind: 'refuse', status: 403, code: 'AccessDenied' }));
  const denied = await run('list');
  await stop();
  const gone = await run('take');

  assert.deepEqual(
    [refused, half, denied, gone].map(({ code }) => code),
    [2, 2, 2, 3],
  );
  assert.match(refused.err, /the secret key does not fit[^]*code: backup-store-refused/);
  assert.match(half.err, /AWS_SECRET_ACCESS_KEY is not\. Set both/);
  assert.match(denied.err, /access is denied\. Allow s3:GetObject/);
  assert.match(gone.err, /nobody listens there[^]*code: backup-store-unreachable/);
  for (const { err, out } of [refused, half, denied, gone]) {
    assert.doesNotMatch(err + out, /another-secret|very\/secret/);
  }
});
