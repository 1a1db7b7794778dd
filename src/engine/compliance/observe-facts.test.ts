import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { aPlace } from '../../../test/support/observed-place-builder.ts';
import { temporaryStateDirectory } from '../../../test/support/temporary-state-directory.ts';
import { observableFacts, type FactName } from '../../core/compliance/observable-fact.ts';
import { postgresRecordFile } from '../../platform/postgres-place.ts';
import { observeFacts } from './observe-facts.ts';

test('every fact is observed, and where nothing runs none of what runs holds', async (t) => {
  const names = Object.keys(observableFacts) as FactName[];
  const place = aPlace({ directory: temporaryStateDirectory(t) }, { host: '0.0.0.0', port: 9 });

  const found = await observeFacts(names, place);

  const holding = names.filter((name) => found[name]?.state === 'holds');
  assert.deepEqual(Object.keys(found), names);
  assert.deepEqual(holding, ['configuration-valid', 'address-leaves-machine']);
});

test('what stands in the way of looking is not known, and says why', async (t) => {
  const directory = temporaryStateDirectory(t);
  writeFileSync(postgresRecordFile(directory), 'damaged', { mode: 0o600 });

  const found = await observeFacts(['audit-log-kept'], aPlace({ directory }));
  writeFileSync(postgresRecordFile(directory), JSON.stringify({ root: '/nowhere', password: '' }));

  assert.equal(found['audit-log-kept']?.state, 'unknown');
  assert.match(found['audit-log-kept'].observed, /postgres\.json is damaged/);
});
