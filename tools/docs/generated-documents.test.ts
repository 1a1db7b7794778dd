import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { generatedDocuments } from './generated-documents.ts';

const root = dirname(dirname(import.meta.dirname));

for (const { path, text } of generatedDocuments()) {
  test(`${path} is what the code says; mended by npm run docs`, async () => {
    const written = await readFile(join(root, path), 'utf8');

    assert.equal(written, text);
  });
}

test('the reference of the configuration names every level and driver', () => {
  const page = generatedDocuments().find(({ path }) => path.endsWith('config.md'))!.text;

  for (const heading of [
    '## Top of the file',
    '## `services.<name>.target` with driver `local`',
    '## `services.<name>.probes[]` with driver `http`',
    '## `services.<name>.rollout.gate.latency`',
  ]) {
    assert.ok(page.includes(`${heading}\n`), heading);
  }
});

test('the reference of the configuration leads to the page of each driver', async () => {
  const { path, text } = generatedDocuments().find(({ path }) => path.endsWith('config.md'))!;
  const pages = [...text.matchAll(/\[More\]\((.*)\)/g)].map(([, page]) => page!);

  assert.ok(pages.length >= 4);
  for (const page of pages) await access(join(root, dirname(path), page));
});
