import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { z } from 'zod';
import { configText } from '../../test/support/config/config-text.ts';
import { inTemporaryFolder, loadPath } from '../../test/support/config/load-text.ts';
import { planRequestSchema } from '../api/contract/deploy-request.ts';
import { planRequestOf } from './plan-request.ts';

const VALIDATION = `    validation:
      checks: { lint: { row: V1, run: [lint], report: { driver: sarif } } }
      compliance:
        profile: builtin:c-4
        notApplicable: [{ control: c4-uptime, reason: none, owner: ada, until: 2027-01-31 }]
`;

interface Asked {
  readonly loaded: Extract<Awaited<ReturnType<typeof loadPath>>, { readonly ok: true }>;
  readonly request: Awaited<ReturnType<typeof planRequestOf>>;
  /** As the server takes it. */
  readonly taken: z.output<typeof planRequestSchema>;
}

/** For 2.0 of the newsroom, as `text` declares it. */
function asked(text: string): Promise<Asked> {
  return inTemporaryFolder(async (folder) => {
    const configPath = join(folder, 'surefoot.yaml');
    writeFileSync(configPath, text);
    mkdirSync(join(folder, 'releases', '2.0'), { recursive: true });
    writeFileSync(join(folder, 'releases', '2.0', 'server.js'), '');
    const loaded = await loadPath(configPath);
    assert.ok(loaded.ok);
    const service = loaded.config.services['newsroom']!;
    const request = await planRequestOf({
      ...{ loaded, configPath, kind: 'deploy' },
      wanted: [{ name: 'newsroom', service, version: '2.0' }],
    });
    return { loaded, request, taken: planRequestSchema.parse(JSON.parse(JSON.stringify(request))) };
  });
}

test('a deployment is asked for with the controls that its service is held to', async () => {
  const kept = `    backups: { media: { driver: files, path: /srv/media, age: 1h, every: 30m } }\n`;
  const text = configText(['    rollout:\n', `${VALIDATION}${kept}    rollout:\n`]);

  const { loaded, request, taken } = await asked(text);

  const controls = taken.services[0].validation?.controls;
  assert.ok(controls);
  assert.deepEqual(controls, request.services[0].validation?.controls);
  assert.ok(controls.profile.controls.some(({ id }) => id === 'c4-multi-factor'));
  assert.deepEqual(controls.exemptions[0]?.control, 'c4-uptime');
  const address = { host: '127.0.0.1', port: 8080 };
  assert.deepEqual(controls.declared, {
    ...{ system: 'newsroom', service: 'newsroom', environment: 'production' },
    ...{ configDigest: loaded.digest, strictness: 'critical', address, addresses: [address] },
    backups: [{ name: 'media', ageMs: 3_600_000, everyMs: 1_800_000 }],
  });
});

test('a deployment is asked for with what asks its backups when they are restored', async () => {
  const verify = `{ run: [node, probe.mjs, '{address}'], env: { MODE: tried }, timeBox: 2m }`;
  const backups = `    backups: { media: { driver: files, path: /srv/media, verify: ${verify} } }\n`;

  const { loaded, request, taken } = await asked(
    configText(['    rollout:\n', `${backups}    rollout:\n`]),
  );

  const probe = taken.services[0].backups?.[0]?.probe;
  assert.deepEqual(probe, request.services[0].backups?.[0]?.probe);
  assert.deepEqual(
    { ...probe, directory: null },
    {
      ...{ run: ['node', 'probe.mjs', '{address}'], environment: { MODE: 'tried' } },
      ...{ timeBoxMs: 120_000, directory: null, secretValues: loaded.secretValues },
    },
  );
  assert.ok(probe?.directory.startsWith('/'));
});

test('a deployment is asked for with where its backups are kept', async () => {
  const store = '{ kind: s3, bucket: kept, prefix: production }';
  const backups = `    backups: { media: { driver: files, path: /srv/media } }\n`;
  const text = configText(
    ['services:\n', `backupStore: ${store}\nservices:\n`],
    ['    rollout:\n', `${backups}    rollout:\n`],
  );
  for (const [written, sent] of [
    [text, { kind: 's3', bucket: 'kept', prefix: 'production', region: 'us-east-1', partMib: 8 }],
    [text.replace(/backupStore.*\n/, ''), undefined],
  ] as const) {
    const { taken } = await asked(written);

    assert.deepEqual(taken.services[0].backups?.[0]?.store, sent);
  }
});

test('a deployment is asked for with what of the schema is not compared', async () => {
  const declared = (more: string) =>
    configText([
      '    rollout:\n',
      `    database:\n      url: postgresql://ada@db/shop\n${more}    rollout:\n`,
    ]);

  const { taken } = await asked(declared("      changing: ['public.events_*', '*']\n"));
  assert.deepEqual(taken.services[0].database?.changing, ['public.events_*', '*']);
  const without = await asked(declared(''));
  assert.equal(without.taken.services[0].database?.changing, undefined);
});

test('what is not compared is named with its schema', async () => {
  const text = configText([
    '    rollout:\n',
    "    database: { url: 'postgresql://ada@db/shop', changing: [events] }\n    rollout:\n",
  ]);

  await inTemporaryFolder(async (folder) => {
    const path = join(folder, 'surefoot.yaml');
    writeFileSync(path, text);
    const loaded = await loadPath(path);
    assert.ok(!loaded.ok);
    assert.match(JSON.stringify(loaded), /must be a name with its schema/);
  });
});
