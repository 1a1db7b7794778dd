/** What every store must show of notes of schemas. */
import assert from 'node:assert/strict';
import type { SchemaNote } from '../../../src/core/schema/schema-note.ts';
import type { NewAuditEntry } from '../../../src/store/audit-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { anAuditEntry } from './deployment-request.ts';

const SHOP = 'db:5432/shop';

function aNote(digest: string, place = SHOP): SchemaNote {
  return { place, digest, objects: { 'public.a': { 'table public.a': digest } }, applied: ['1'] };
}

function noting(sequence: number, scope: string, schema: SchemaNote): NewAuditEntry {
  const step = 'web:note-schema-before';
  const about = { step, row: 'P4', attempt: 1, purpose: 'act' } as const;
  const token = { deployment: 1, sequence };
  const evidence = { summary: 'Noted.', schema };
  return anAuditEntry({
    ...{ scope, key: `${step}#1.${sequence} ended` },
    body: { kind: 'CommandSucceeded', ...about, token, evidence, durationMs: 1 },
  });
}

export const schemaContract: Readonly<Record<string, (store: Store) => Promise<void>>> = {
  'the last note of a schema is found by its service, and by its database': async (store) => {
    const web = { scope: 'production/web', place: SHOP };
    assert.deepEqual(await store.findSchemaNotes(web), { own: null, last: null });

    await store.appendAudit([
      noting(1, 'production/web', aNote('first')),
      noting(2, 'production/web', aNote('second', 'other:5432/shop')),
      noting(3, 'staging/web', aNote('elsewhere', 'staging:5432/shop')),
      anAuditEntry({ key: 'end' }),
    ]);
    const second = aNote('second', 'other:5432/shop');
    assert.deepEqual(await store.findSchemaNotes(web), { own: second, last: second });

    await store.appendAudit([noting(4, 'production/api', aNote('shared'))]);
    assert.deepEqual(await store.findSchemaNotes(web), { own: second, last: aNote('shared') });
  },
};
