/** What a test process tells the runner about, one JSON line each. */
export type TestEvent =
  | { readonly kind: 'started' | 'ended' | 'passed'; readonly test: TestName }
  | { readonly kind: 'failed'; readonly test: TestName; readonly error: string }
  | { readonly kind: 'skipped'; readonly test: TestName; readonly reason: string }
  /** All tests have ended, the process has not: these resources keep it alive. */
  | { readonly kind: 'kept-alive'; readonly resources: readonly string[] };

export interface TestName {
  readonly file: string;
  readonly name: string;
}

/** The environment variable that names the file which gets the events. */
export const EVENT_FILE_VARIABLE = 'SUREFOOT_TEST_EVENTS';
