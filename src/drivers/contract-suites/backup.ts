/** What every backup driver must do, the simulated ones too. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { compareContents } from '../../core/backup/content.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type { Backup } from '../contract.ts';
import { breakingOff, inPieces, wholeOf } from './backup-content.ts';

export interface BackupSubject {
  readonly backup: Backup;
  /** Changes what is backed up. */
  readonly change: () => Promise<void>;
  /** What was made for those that were restored and is there yet; one line each. */
  readonly leftovers: () => Promise<readonly string[]>;
}

const context = { signal: new AbortController().signal };

export function describeBackup(
  name: string,
  subject: (t: TestContext) => Promise<BackupSubject>,
): void {
  test(`${name}: what is restored is what was taken, and not what it became since`, async (t) => {
    const { backup, change } = await subject(t);
    const first = await wholeOf(await backup.take(context));
    await change();
    const second = await wholeOf(await backup.take(context));

    const restored = await backup.restore(inPieces(first.content), context);
    t.after(() => restored.remove());
    const parts = await restored.parts();

    assert.ok(first.parts.length > 0);
    assert.deepEqual(compareContents(first.parts, parts), []);
    assert.notDeepEqual(compareContents(first.parts, second.parts), []);
    assert.deepEqual((await restored.faults()) ?? [], []);
  });

  test(`${name}: what was restored goes with all that was made for it`, async (t) => {
    const { backup, leftovers } = await subject(t);
    const { content } = await wholeOf(await backup.take(context));
    const before = await leftovers();

    const restored = await backup.restore(inPieces(content), context);
    const meanwhile = await leftovers();
    await restored.remove();

    assert.notDeepEqual(meanwhile, before);
    assert.deepEqual(await leftovers(), before);
  });

  test(`${name}: nothing is left of what is none`, async (t) => {
    const { backup, leftovers } = await subject(t);
    const { content } = await wholeOf(await backup.take(context));
    const before = await leftovers();
    const garbage = Buffer.alloc(content.length, 'surefoot');
    const half = content.subarray(0, content.length / 2);

    for (const wrong of [garbage, half, Buffer.alloc(0)]) {
      await assert.rejects(backup.restore(inPieces(wrong), context), isDamaged);
    }

    assert.deepEqual(await leftovers(), before);
  });

  test(`${name}: nothing is left of what broke off`, async (t) => {
    const { backup, leftovers } = await subject(t);
    const { content } = await wholeOf(await backup.take(context));
    const before = await leftovers();

    await assert.rejects(backup.restore(breakingOff(content), context), /broken off/);

    assert.deepEqual(await leftovers(), before);
  });

  test(`${name}: who stops reading harms nothing`, async (t) => {
    const { backup } = await subject(t);
    const taken = await backup.take(context);
    const pieces = taken.content[Symbol.asyncIterator]();
    await pieces.next();
    await pieces.return?.();
    await taken.close();

    const { parts } = await wholeOf(await backup.take(context));

    assert.ok(parts.length > 0);
  });
}

function isDamaged(error: unknown): boolean {
  return error instanceof OperationalError && error.failure.code === 'backup-damaged';
}
