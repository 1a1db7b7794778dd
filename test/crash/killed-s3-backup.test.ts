/** `surefoot backup take` killed at each of its steps towards a service that speaks S3: never is a half one counted. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { aProject } from '../cli/project-builder.ts';
import { runCommand } from '../cli/run-command.ts';
import { crashTestOptions } from '../support/crash-runs.ts';
import type { S3Question } from '../support/s3/s3-bucket.ts';
import { startS3 } from '../support/s3/start-s3.ts';
import { backedUpConfig } from './backed-up-config.ts';
import { surefootProgram } from '../../tools/stand/surefoot-program.ts';

/** Killed while this is asked, of which the service does all or nothing. */
const steps: Readonly<Record<string, (question: S3Question) => boolean>> = {
  'an upload begins': ({ method, query }) => method === 'POST' && query.has('uploads'),
  'its second part is sent': ({ query }) => query.get('partNumber') === '2',
  'it is completed': ({ method, query }) => method === 'POST' && query.has('uploadId'),
  'its manifest is sent': ({ method, key }) => method === 'PUT' && key.endsWith('manifest.json'),
  'its verification is sent': ({ method, key }) =>
    method === 'PUT' && key.endsWith('verification.json'),
};

async function aStand(t: TestContext) {
  const service = await startS3(t);
  const { place, credentials } = service;
  const folder = aProject(t);
  const media = join(folder, 'media');
  mkdirSync(media);
  writeFileSync(join(media, 'a.jpg'), Buffer.alloc(11 * 1024 * 1024, 'picture '));
  const store = `backupStore: { kind: s3, bucket: kept, endpoint: '${place.endpoint ?? ''}', partMib: 5 }\n`;
  const declared = { media: `{ driver: files, path: '${media}', age: 24h, parts: 1 }` };
  writeFileSync(join(folder, 'surefoot.yaml'), backedUpConfig(declared, store));
  const env = {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  const run = (...args: readonly string[]) => runCommand(['backup', ...args], { cwd: folder, env });
  return { ...service, folder, env, run };
}

for (const [step, isMeant] of Object.entries(steps)) {
  for (const isDone of [false, true]) {
    const what = `killed while ${step}, which the service ${isDone ? 'does' : 'does not'} do`;
    test(`a backup that is ${what}, is whole or none`, crashTestOptions, async (t) => {
      const { bucket, setFault, folder, env, run } = await aStand(t);
      const child = spawn(process.execPath, [surefootProgram, 'backup', 'take'], {
        ...{ cwd: folder, stdio: 'ignore' },
        env: { ...env, PATH: process.env['PATH'] ?? '' },
      });
      t.after(() => child.kill('SIGKILL'));
      const ended = once(child, 'close');
      setFault((question) => {
        if (!isMeant(question)) return null;
        child.kill('SIGKILL');
        return { kind: 'cut', isDone };
      });
      const [, signal] = (await ended) as [number | null, NodeJS.Signals | null];
      assert.equal(signal, 'SIGKILL');
      setFault(() => null);

      const { out, code, err } = await run('list', '--json');

      assert.equal(code, 0, err);
      const { backups } = JSON.parse(out) as { backups: readonly { id: string; state: string }[] };
      const whole = [...bucket.objects.keys()].filter((key) => key.endsWith('/manifest.json'));
      assert.equal(backups.length, whole.length);
      assert.equal(bucket.uploads.size, 0);
      const notes = readdirSync(join(folder, '.surefoot/storing'));
      assert.deepEqual(
        notes.filter((name) => name.endsWith('.json')),
        [],
      );
      if (backups.length === 0) assert.equal(bucket.objects.size, 0);
      for (const { id } of backups) {
        const verified = await run('verify', id);
        assert.equal(verified.code, 0, verified.err);
      }
    });
  }
}
