import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aBackupKeeper } from '../../../../test/support/engine/a-backup-keeper.ts';
import { aPlace, whatIsDeclared } from '../../../../test/support/observed-place-builder.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import type { FactName } from '../../../core/compliance/observable-fact.ts';
import { stateDirectoryAt } from '../../../platform/state-directory.ts';
import { observeFacts } from '../observe-facts.ts';

const DAY_MS = 86_400_000;
const FACTS: readonly FactName[] = ['backups-verified', 'backups-automated'];

const media = { name: 'media', ageMs: 3 * DAY_MS, everyMs: DAY_MS };

test('what is verified and young enough shows it, until it is too old', async (t) => {
  const { folder, take, work } = await aBackupKeeper(t);
  const look = async (laterMs: number, backups = [media]) => {
    const clock = { ...work.clock, wallMs: () => work.clock.wallMs() + laterMs };
    const declared = whatIsDeclared({ backups });
    const place = aPlace({ directory: stateDirectoryAt(folder), declared, clock });
    const found = await observeFacts(FACTS, place);
    return FACTS.map((fact) => found[fact]?.state);
  };
  await take('b1', { isVerified: false });
  assert.deepEqual(await look(0), ['broken', 'broken']);
  await take('b2');
  await take('b3', { isVerified: false });

  // The one that is verified is two days old.
  assert.deepEqual(await look(0), ['holds', 'holds']);
  assert.deepEqual(await look(DAY_MS / 2), ['holds', 'broken']);
  assert.deepEqual(await look(2 * DAY_MS), ['broken', 'broken']);
  assert.deepEqual(await look(0, [media, { ...media, name: 'other' }]), ['broken', 'broken']);
});

test('who only looks makes no key, and a plan that says nothing of backups shows nothing', async (t) => {
  const folder = temporaryFolder(t);
  const directory = stateDirectoryAt(folder);
  const declared = whatIsDeclared({ backups: [media] });

  const none = await observeFacts(FACTS, aPlace({ directory, declared }));
  const before = await observeFacts(FACTS, aPlace({ directory }));

  assert.equal(none['backups-verified']?.observed, 'media: none is kept');
  assert.ok(!existsSync(join(folder, 'backup.key')));
  assert.equal(before['backups-verified']?.state, 'unknown');
});
