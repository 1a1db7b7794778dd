import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { startEdgeUnderTest } from '../../test/support/edge/edge-under-test.ts';

test('an edge that starts removes what a killed one had begun to write', async (t) => {
  const edge = await startEdgeUnderTest(t);
  await edge.close();
  const left = 'a.routing.json.0f8fad5b-d9cb-469f-a165-70867728950e.tmp';
  await writeFile(join(edge.directory.edge, left), '{"half":');

  await edge.restart();

  assert.deepEqual(await readdir(edge.directory.edge), []);
});
