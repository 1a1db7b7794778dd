import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recogniseStatement } from './recognise-statement.ts';

const progress = 'update deployments set state = $1 returning append_as_driver($2::jsonb, $3)\0';

test('an intent is told by its key, whatever decisions were made before it', () => {
  const text = `${progress}[{"key":"judge-20#1.7 issued decided 0","body":{"kind":"StepPassed","step":"shift-20"}},{"key":"judge-20#1.7 issued","body":{"kind":"CommandIssued"}}]`;

  assert.deepEqual(recogniseStatement(text), { place: 'intent', step: 'judge-20' });
});

test('an outcome is told from an intent, also that of a look', () => {
  const text = `select take_requests($1, $2, $3) as requests, append_as_driver($4::jsonb, $5)\0[{"key":"shift-20#2.7? ended"}]`;

  assert.deepEqual(recogniseStatement(text), { place: 'outcome', step: 'shift-20' });
});

test('what is written by nobody that drives is told as well', () => {
  const text = `select append_audit($1::jsonb)\0[{"key":"judge-20#1.7 issued"}]`;

  assert.deepEqual(recogniseStatement(text), { place: 'intent', step: 'judge-20' });
});

test('a checkpoint is told by the name under which the engine stores the step', () => {
  const text = `INSERT INTO "dbos".operation_outputs (a, b)\0\0deployment-2\0[{"kind":"CommandSucceeded"}]\0shift-100#1\x001790000000000`;

  assert.deepEqual(recogniseStatement(text), { place: 'checkpoint', step: 'shift-100' });
});

test('a statement that only asks for a record is none', () => {
  const asks = `select body from audit_entries where key = $1\0"key":"shift-20#1.5 issued"`;
  const reads = 'SELECT * FROM "dbos".operation_outputs WHERE workflow_uuid=$1\0shift-20#1';

  assert.equal(recogniseStatement(asks), null);
  assert.equal(recogniseStatement(reads), null);
});
