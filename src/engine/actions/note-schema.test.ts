import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionUnderTest } from '../../../test/support/engine/an-action-context.ts';
import { aPlannedDatabase, plannedMigrations } from '../../../test/support/planned-database.ts';
import type { KnownNotes, SchemaNote } from '../../core/schema/schema-note.ts';
import type { ActionContext, ActionResult } from '../action-context.ts';
import { checkSchema } from './check-schema.ts';
import { noteSchema } from './note-schema.ts';

const orders = { 'table public.orders': 'a', 'column public.orders.note': 'b' };
const { 'column public.orders.note': _note, ...withoutNote } = orders;

function aNote(changes: Partial<SchemaNote> = {}): SchemaNote {
  return {
    ...{ place: 'db:5432/shop', digest: 'sha256:1', objects: { 'public.orders': orders } },
    ...{ applied: [], ...changes },
  };
}

const LACKING = aNote({ digest: 'sha256:2', objects: { 'public.orders': withoutNote } });

function contextWith(
  found: SchemaNote,
  known: Partial<KnownNotes> = {},
  changing: readonly string[] = [],
): ActionContext {
  const { context } = actionUnderTest();
  const database = aPlannedDatabase({ migrations: plannedMigrations(), changing });
  return {
    ...context,
    service: { ...context.service, database },
    work: { ...context.work, readSchema: () => Promise.resolve(found) },
    notesOf: (place) => {
      assert.equal(place, found.place);
      return Promise.resolve({ own: null, last: null, ...known });
    },
  };
}

const refusing = { kind: 'note-schema', onDrift: 'refuse' } as const;

function told(result: ActionResult): string {
  if (result.kind === 'failed') return `${result.failure.code}: ${result.failure.message}`;
  return result.evidence.summary;
}

function noted(result: ActionResult): SchemaNote | undefined {
  return result.kind === 'ok' ? result.evidence.schema : undefined;
}

test('what nobody has noted before is noted, and what is the same, too', async () => {
  const first = await noteSchema(contextWith(aNote()), refusing);
  assert.equal(told(first), 'Noted for the first time: 1 object, sha256:1.');
  assert.deepEqual(noted(first), aNote());

  const again = await noteSchema(contextWith(aNote(), { last: aNote() }), refusing);
  assert.equal(told(again), 'As it was noted last: 1 object, sha256:1.');
  assert.deepEqual(noted(again), aNote());
});

test('drift is refused by the name of what differs, and notes nothing', async () => {
  const drifted = await noteSchema(contextWith(LACKING, { last: aNote() }), refusing);

  assert.equal(
    told(drifted),
    'schema-drifted: The schema is not what the last deployment left: column public.orders.note is missing.',
  );
  assert.equal(noted(drifted), undefined);
});

test('drift that somebody has accepted is noted, with what it is and why', async () => {
  const accepted = { ...refusing, accepted: 'dropped by hand.' };

  const result = await noteSchema(contextWith(LACKING, { last: aNote() }), accepted);

  assert.equal(
    told(result),
    'Since it was noted last: column public.orders.note is missing. Accepted: dropped by hand.',
  );
  assert.deepEqual(noted(result), LACKING);
  assert.ok(result.kind === 'ok');
  assert.deepEqual(result.evidence.details, {
    differences: [{ what: 'column public.orders.note', kind: 'missing' }],
    ...{ before: 'sha256:1', accepted: 'dropped by hand.' },
  });
});

test('where drift is only told, it is noted', async () => {
  const telling = { kind: 'note-schema', onDrift: 'tell' } as const;

  const result = await noteSchema(contextWith(LACKING, { last: aNote() }), telling);

  assert.match(told(result), /^Since it was noted last: column public\.orders\.note is missing\.$/);
  assert.deepEqual(noted(result), LACKING);
});

test('what comes and goes by itself is compared nowhere', async () => {
  const more = { ...aNote().objects, 'public.events_2026': { 'table public.events_2026': 'x' } };
  const known = { own: aNote(), last: aNote() };
  const found = aNote({ digest: 'sha256:3', objects: more });

  assert.match(told(await noteSchema(contextWith(found, known), refusing)), /^schema-drifted/);
  const context = contextWith(found, known, ['public.events_*']);
  assert.match(told(await noteSchema(context, refusing)), /^As it was noted last/);
  assert.match(told(await checkSchema(context)), /^As it was noted/);
  const dotted = contextWith(found, known, ['publicxevents_*']);
  assert.match(told(await checkSchema(dotted)), /^state-differs/);
});

test('a schema that is not as it was noted last is told by what differs', async () => {
  const known = { own: aNote(), last: aNote() };

  assert.equal(told(await checkSchema(contextWith(aNote(), known))), 'As it was noted: sha256:1.');
  assert.equal(
    told(await checkSchema(contextWith(LACKING, known))),
    'state-differs: The schema is not as it was noted: column public.orders.note is missing.',
  );
});

test('behind migrations that were broken off nothing may be missing, and more is noted', async () => {
  const before = { own: LACKING, last: LACKING };
  const partly = aNote({ applied: ['1.sql'] });

  const more = await checkSchema(contextWith(partly, before));
  assert.equal(
    told(more),
    'Nothing is missing; 1.sql came since it was noted: column public.orders.note is new.',
  );
  assert.deepEqual(noted(more), partly);
  const known = { own: aNote(), last: aNote() };
  const less = await checkSchema(contextWith({ ...LACKING, applied: ['1.sql'] }, known));
  assert.match(told(less), /^state-differs: .*note is missing\.$/);
  const isNoted = { own: { ...LACKING, applied: ['1.sql'] }, last: LACKING };
  assert.match(
    told(await checkSchema(contextWith(partly, isNoted))),
    /^state-differs: .*is new\.$/,
  );
});

test('where nothing was noted, there is nothing to differ from', async () => {
  const result = await checkSchema(contextWith(aNote()));

  assert.equal(told(result), 'Nothing was noted that it could be compared with.');
  assert.deepEqual(noted(result), aNote());
});
