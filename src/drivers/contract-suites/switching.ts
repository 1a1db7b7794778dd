/** What every backup driver must do that can put what was restored in the place of what is live. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { compareContents, type ContentPart } from '../../core/backup/content.ts';
import { invariant } from '../../core/invariant.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type { Backup, Switching } from '../contract.ts';
import { breakingOff, inPieces, wholeOf } from './backup-content.ts';

export interface SwitchingSubject {
  readonly backup: Backup;
  /** Changes what is live. */
  readonly change: () => Promise<void>;
  /** What lies, or stands, under a name that the driver has given; null when nothing does. */
  readonly partsOf: (name: string) => Promise<readonly ContentPart[] | null>;
  /** Takes what is live away. */
  readonly lose: () => Promise<void>;
}

const context = { signal: new AbortController().signal };
const switching = { ...context, endSessions: false };
const ID = '2026-11-29T08-00-00-000Z';

export function describeSwitching(
  name: string,
  subject: (t: TestContext) => Promise<SwitchingSubject>,
): void {
  test(`${name}: what was restored takes the place of what is live, which is kept, and back again`, async (t) => {
    const { first, second, own, partsOf } = await changed(await subject(t));
    const { kind, names } = await own.state(ID, context);
    assert.deepEqual(kind, 'none');

    const beside = await own.restoreBeside(inPieces(first.content), ID, context);
    assert.deepEqual(compareContents(first.parts, await beside.parts()), []);
    assert.deepEqual((await beside.faults()) ?? [], []);
    assert.deepEqual(compareContents(second, (await own.live(context)) ?? []), []);
    await beside.switchIn(switching);

    assert.equal((await own.state(ID, context)).kind, 'switched');
    assert.deepEqual(compareContents(first.parts, (await own.live(context)) ?? []), []);
    assert.deepEqual(compareContents(second, (await partsOf(names.kept)) ?? []), []);
    assert.equal(await partsOf(names.restored), null);

    assert.equal(await own.back(ID, switching), true);

    assert.equal((await own.state(ID, context)).kind, 'none');
    assert.deepEqual(compareContents(second, (await own.live(context)) ?? []), []);
    assert.deepEqual(compareContents(first.parts, (await partsOf(names.undone)) ?? []), []);
    assert.equal(await partsOf(names.kept), null);
  });

  test(`${name}: what is kept, or was undone, is never written over`, async (t) => {
    const { first, second, own, partsOf } = await changed(await subject(t));
    const { names } = await own.state(ID, context);
    const restore = () => own.restoreBeside(inPieces(first.content), ID, context);
    await (await restore()).switchIn(switching);

    await assert.rejects(restore(), isNotSwitched);
    await own.back(ID, switching);
    await (await restore()).switchIn(switching);
    await assert.rejects(own.back(ID, switching), isNotSwitched);

    assert.deepEqual(compareContents(first.parts, (await own.live(context)) ?? []), []);
    assert.deepEqual(compareContents(second, (await partsOf(names.kept)) ?? []), []);
    assert.deepEqual(compareContents(first.parts, (await partsOf(names.undone)) ?? []), []);
  });

  test(`${name}: what is none, or breaks off, changes nothing and leaves nothing`, async (t) => {
    const { first, second, own, partsOf } = await changed(await subject(t));
    const { names } = await own.state(ID, context);
    const half = first.content.subarray(0, first.content.length / 2);

    for (const wrong of [inPieces(half), breakingOff(first.content)]) {
      await assert.rejects(own.restoreBeside(wrong, ID, context));
      assert.equal(await partsOf(names.restored), null);
    }
    await (await own.restoreBeside(inPieces(first.content), ID, context)).remove();

    assert.equal(await partsOf(names.restored), null);
    assert.equal((await own.state(ID, context)).kind, 'none');
    assert.deepEqual(compareContents(second, (await own.live(context)) ?? []), []);
  });

  test(`${name}: what an earlier one has left beside goes, also when it is only taken back`, async (t) => {
    const { first, second, own, partsOf } = await changed(await subject(t));
    const { names } = await own.state(ID, context);
    await own.restoreBeside(inPieces(first.content), ID, context);

    const again = await own.restoreBeside(inPieces(first.content), ID, context);
    assert.deepEqual(compareContents(first.parts, await again.parts()), []);
    assert.equal(await own.back(ID, switching), false);

    assert.equal(await partsOf(names.restored), null);
    assert.deepEqual(compareContents(second, (await own.live(context)) ?? []), []);
  });

  test(`${name}: what is kept comes back although what was restored is lost`, async (t) => {
    const made = await subject(t);
    const { first, second, own } = await changed(made);
    await (await own.restoreBeside(inPieces(first.content), ID, context)).switchIn(switching);
    await made.lose();

    await assert.rejects(own.restoreBeside(inPieces(first.content), ID, context), isNotSwitched);
    assert.equal(await own.back(ID, switching), true);

    assert.deepEqual(compareContents(second, (await own.live(context)) ?? []), []);
  });

  test(`${name}: where nothing is live any more, it is put there`, async (t) => {
    const made = await subject(t);
    const { first, own, partsOf } = await changed(made);
    await made.lose();
    assert.equal(await own.live(context), null);

    await (await own.restoreBeside(inPieces(first.content), ID, context)).switchIn(switching);

    assert.deepEqual(compareContents(first.parts, (await own.live(context)) ?? []), []);
    assert.equal(await partsOf((await own.state(ID, context)).names.kept), null);
  });
}

interface Changed extends Pick<SwitchingSubject, 'partsOf'> {
  /** What was taken before the change. */
  readonly first: { readonly content: Buffer; readonly parts: readonly ContentPart[] };
  /** What is live since. */
  readonly second: readonly ContentPart[];
  readonly own: Switching;
}

async function changed({ backup, change, partsOf }: SwitchingSubject): Promise<Changed> {
  const { switching: own } = backup;
  invariant(own, 'a driver with this suite can switch');
  const first = await wholeOf(await backup.take(context));
  await change();
  const second = await own.live(context);
  invariant(second, 'it is live');
  assert.notDeepEqual(compareContents(first.parts, second), []);
  return { first, second, own, partsOf };
}

function isNotSwitched(error: unknown): boolean {
  return error instanceof OperationalError && error.failure.code === 'not-switched';
}
