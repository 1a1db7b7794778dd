import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aServiceRequest } from '../../test/support/api/a-deploy-request.ts';
import type { PlannedBackup } from '../core/backup/planned-backup.ts';
import { planRequestSchema } from './contract/deploy-request.ts';
import { plannedPreview } from './planned-preview.ts';

const database = { backup: 'stories', variable: 'DB', seed: [] };
const preview = { needs: [], ready: 1_000, env: { TOKEN: 'secret' } };
const aPlannedCheck = {
  ...{ name: 'a', run: ['a'], needs: [], plant: {}, plantApart: {}, env: {} },
  ...{ timeout: 1_000, cpus: 1 },
};
const backups: readonly PlannedBackup[] = ['media', 'stories'].map((name) => ({
  ...{ name, driver: 'sqlite', ageMs: 3_600_000, partsMin: 1, timeBoxMs: 60_000 },
  configDigest: `sha256:${name}`,
}));

test('a plan holds what the database of a preview is restored by, and nothing that may be secret', () => {
  assert.deepEqual(plannedPreview({ ...preview, database }, backups), {
    ...{ needs: [], ready: 1_000, database },
    restored: { name: 'stories', driver: 'sqlite', configDigest: 'sha256:stories' },
  });
  assert.deepEqual(plannedPreview(preview, backups), { needs: [], ready: 1_000 });
});

test('a preview of a backup that the request does not bring is refused, and one that is both empty and restored', () => {
  const asked = (given: object, names: readonly string[]) => {
    const service = {
      ...aServiceRequest('1.0'),
      backups: names.map((name) => ({
        ...{ name, driver: 'sqlite', config: {}, ageMs: 3_600_000, partsMin: 1 },
        timeBoxMs: 60_000,
      })),
      validation: {
        ...{ source: '/a', isArtifact: true, timeBoxMs: 1_000, reuseMs: 1_000, waivers: [] },
        ...{ vex: [], secretValues: [] },
        preview: { ...preview, database: { ...database, ...given } },
        checks: [aPlannedCheck],
      },
    };
    const { error } = planRequestSchema.safeParse({
      ...{ system: 'newsroom', environment: 'production', services: [service] },
    });
    return error?.issues.map(({ message }) => message).join() ?? null;
  };

  assert.equal(asked({}, ['stories']), null);
  assert.equal(asked({}, ['media']), 'is none of the backups');
  assert.match(String(asked({ engine: 'postgres' }, ['stories'])), /either engine or backup/);
});
