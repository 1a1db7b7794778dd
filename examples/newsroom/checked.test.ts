import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';

interface Declared {
  readonly services: { readonly newsroom: Readonly<Record<string, unknown>> };
}

async function declaredIn(file: string): Promise<Declared> {
  return parse(await readFile(join(import.meta.dirname, file), 'utf8')) as Declared;
}

test('what is checked before is deployed as without', async () => {
  const plain = await declaredIn('surefoot.yaml');
  const checked = await declaredIn('checked.yaml');

  const { validation, ...newsroom } = checked.services.newsroom;
  assert.ok(validation);
  assert.deepEqual({ ...checked, services: { newsroom } }, plain);
});
