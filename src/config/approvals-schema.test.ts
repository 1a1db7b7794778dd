import assert from 'node:assert/strict';
import { test } from 'node:test';
import { approvalsSchema } from './approvals-schema.ts';

const refusals = (value: unknown): string =>
  (approvalsSchema.safeParse(value).error?.issues ?? [])
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
    .join('\n');

test('a gate has defaults for all but its place', () => {
  assert.deepEqual(approvalsSchema.parse([{ before: 100 }]), [
    { before: 100, approvers: 1, exceptStarter: false, deadline: 86_400_000 },
  ]);
});

test('a gate that is there twice, nowhere, for nobody or for ever is refused where it stands', () => {
  assert.match(
    refusals([{ before: 50 }, { before: 50 }]),
    /^1\.before: .*already a gate before 50/,
  );
  assert.match(refusals([{ before: 0 }]), /^0\.before: /);
  assert.match(refusals([{}]), /^0\.before: /);
  assert.match(refusals([{ before: 10, approvers: 0 }]), /^0\.approvers: /);
  assert.match(refusals([{ before: 10, deadline: '20d' }]), /^0\.deadline: .*7d/);
  assert.match(refusals([{ before: 10, by: 'ada' }]), /^0: /);
});
