/**
 * Runs inside a test process, beside the reporter that people read, and writes its events to a file
 * at once: so the runner still knows the running test when the process hangs or dies.
 */
import { appendFileSync } from 'node:fs';
import type { TestEvent as NodeTestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';
import { EVENT_FILE_VARIABLE, type TestEvent, type TestName } from './test-event.ts';

const KEPT_ALIVE_AFTER_MS = 15_000;

export async function tallyReporter(
  source: AsyncIterable<NodeTestEvent>,
  write: (event: TestEvent) => void,
  keptAliveAfterMs: number,
): Promise<void> {
  let open = 0;
  let alarm: NodeJS.Timeout | undefined;
  for await (const event of source) {
    if (event.type === 'test:enqueue' && event.data.nesting === 0) open += 1;
    if (event.type === 'test:complete' && event.data.nesting === 0) open -= 1;
    clearTimeout(alarm);
    if (open === 0) {
      alarm = setTimeout(() => {
        write({ kind: 'kept-alive', resources: process.getActiveResourcesInfo() });
      }, keptAliveAfterMs).unref();
    }
    const told = translate(event);
    if (told) write(told);
  }
  clearTimeout(alarm);
}

function translate(event: NodeTestEvent): TestEvent | null {
  if (event.type === 'test:dequeue') return { kind: 'started', test: nameOf(event.data) };
  if (event.type === 'test:complete') return { kind: 'ended', test: nameOf(event.data) };
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return null;
  if (event.data.details.type === 'suite') return null;
  const { skip, todo } = event.data;
  const test = nameOf(event.data);
  if (isSet(skip)) return { kind: 'skipped', test, reason: textOf(skip, 'no reason given') };
  if (isSet(todo)) return { kind: 'skipped', test, reason: textOf(todo, 'to do') };
  if (event.type === 'test:pass') return { kind: 'passed', test };
  const { error } = event.data.details;
  return { kind: 'failed', test, error: inspect(error.cause) };
}

function nameOf(data: { file?: string; name: string }): TestName {
  return { file: data.file ?? '', name: data.name };
}

function isSet(mark: string | boolean | undefined): mark is string | true {
  return mark !== undefined && mark !== false;
}

function textOf(reason: string | true, fallback: string): string {
  return reason === true || reason === '' ? fallback : reason;
}

// node --test-reporter takes the default export and nothing else.
// eslint-disable-next-line no-restricted-syntax
export default async function* reporter(
  source: AsyncIterable<NodeTestEvent>,
): AsyncGenerator<never> {
  const file = process.env[EVENT_FILE_VARIABLE];
  if (file === undefined) throw new Error(`${EVENT_FILE_VARIABLE} is not set.`);
  await tallyReporter(
    source,
    (event) => {
      appendFileSync(file, `${JSON.stringify(event)}\n`);
    },
    KEPT_ALIVE_AFTER_MS,
  );
  yield* [];
}
