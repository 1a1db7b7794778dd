import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestKind } from '../core/deployment/operator-request.ts';
import { watchRequests } from './request-watch.ts';

type Watched = Parameters<typeof watchRequests>[0];

/** A store whose answers come when the test says so, and what tells of requests. */
function aWatch() {
  const questions: PromiseWithResolvers<readonly RequestKind[]>[] = [];
  const listeners = new Set<() => void>();
  const openRequests = (): Promise<readonly RequestKind[]> => {
    const question = Promise.withResolvers<readonly RequestKind[]>();
    questions.push(question);
    return question.promise;
  };
  let wake = (): void => undefined;
  const clock = { sleep: () => new Promise<void>((resolve) => (wake = resolve)) };
  const onRequest = (_deployment: number, callback: () => void) => {
    listeners.add(callback);
    return () => listeners.delete(callback);
  };
  const watched = { store: { openRequests }, signals: { onRequest }, clock } as unknown as Watched;
  const requests = watchRequests(watched, 2);
  let called: readonly (readonly RequestKind[])[] = [];
  return {
    requests,
    listeners,
    wait: (signal = new AbortController().signal) =>
      requests.whenOpen(['abort', 'pause'], (open) => (called = [...called, open]), signal),
    called: () => called.length,
    told: () => called.at(-1),
    async wake() {
      wake();
      await Promise.resolve();
    },
    asked: () => questions.length,
    tell: () => listeners.forEach((callback) => callback()),
    async answer(...open: readonly RequestKind[]) {
      questions.at(-1)?.resolve(open);
      await Promise.resolve();
    },
    async fail() {
      questions.at(-1)?.reject(new Error('Connection terminated unexpectedly'));
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

test('what was asked before anybody listened is known before the first wait begins', async () => {
  const watch = aWatch();

  const begun = watch.wait();
  await watch.answer('abort');
  await begun;

  assert.equal(watch.called(), 1);
});

test('the database is asked once, and again only when something is told', async () => {
  const watch = aWatch();
  const first = watch.wait();
  await watch.answer();
  (await first)();

  await watch.wait();
  assert.equal(watch.asked(), 1);
  watch.tell();
  await watch.answer('abort');

  assert.deepEqual([watch.asked(), watch.called()], [2, 1]);
});

test('what is told between two waits is looked for at the next', async () => {
  const watch = aWatch();
  const first = watch.wait();
  await watch.answer();
  (await first)();

  watch.tell();
  const second = watch.wait();
  await watch.answer('abort');
  await second;

  assert.deepEqual([watch.asked(), watch.called()], [2, 1]);
});

test('a database that hangs is waited for until the signal ends, and its late answer ends no other wait', async () => {
  const watch = aWatch();
  const deadline = new AbortController();
  const first = watch.wait(deadline.signal);
  deadline.abort();
  (await first)();
  await watch.wait();
  await watch.answer('abort');
  assert.equal(watch.called(), 0);

  const third = watch.wait();
  await watch.answer();
  await third;

  assert.deepEqual([watch.asked(), watch.called()], [2, 0]);
});

test('a question that met no database is asked again at the next wait', async () => {
  const watch = aWatch();
  const first = watch.wait();
  await watch.fail();
  (await first)();

  const second = watch.wait();
  await watch.answer('abort');
  await second;

  assert.deepEqual([watch.asked(), watch.called()], [2, 1]);
});

test('a request that ends no such wait ends none, and does not hide one that does', async () => {
  const watch = aWatch();
  const first = watch.wait();
  await watch.answer('resume');
  await first;
  assert.equal(watch.called(), 0);

  watch.tell();
  await watch.answer('resume', 'abort');

  assert.deepEqual(watch.told(), ['resume', 'abort']);
});

test('a wait that nothing else ends asks again when the database did not answer', async () => {
  const watch = aWatch();
  const first = watch.wait();
  await watch.fail();
  await first;

  await watch.wake();
  await watch.answer('abort');

  assert.deepEqual([watch.asked(), watch.called()], [2, 1]);
});

test('a watch that is closed listens no more', () => {
  const watch = aWatch();

  watch.requests.close();

  assert.equal(watch.listeners.size, 0);
});
