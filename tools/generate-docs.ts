/** Writes the reference pages that follow from code. `npm run docs`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generatedDocuments } from './docs/generated-documents.ts';

const root = dirname(import.meta.dirname);

for (const { path, text } of generatedDocuments()) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
  console.log(path);
}
