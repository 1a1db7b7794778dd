/** Adds up what test processes told. */
import type { TestEvent, TestName } from './test-event.ts';

export interface Tally {
  readonly passed: number;
  readonly failed: readonly { readonly test: TestName; readonly error: string }[];
  readonly skipped: readonly { readonly test: TestName; readonly reason: string }[];
  /** Started and not ended: what a process was doing when it was stopped. */
  readonly running: readonly TestName[];
  readonly keptAliveBy: readonly string[] | null;
}

export function tallyOf(events: readonly TestEvent[]): Tally {
  const running = new Map<string, TestName>();
  const failed: { test: TestName; error: string }[] = [];
  const skipped: { test: TestName; reason: string }[] = [];
  let passed = 0;
  let keptAliveBy: readonly string[] | null = null;
  for (const event of events) {
    switch (event.kind) {
      case 'started':
        running.set(titleOf(event.test), event.test);
        break;
      case 'ended':
        running.delete(titleOf(event.test));
        break;
      case 'passed':
        passed += 1;
        break;
      case 'failed':
        failed.push({ test: event.test, error: event.error });
        break;
      case 'skipped':
        skipped.push({ test: event.test, reason: event.reason });
        break;
      case 'kept-alive':
        keptAliveBy = event.resources;
        break;
    }
  }
  return { passed, failed, skipped, running: [...running.values()], keptAliveBy };
}

export function titleOf(test: TestName): string {
  return `${test.file} › ${test.name}`;
}
