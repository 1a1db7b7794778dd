/** Runs a program whose end decides whether a backup can be used; what it said last says why not. */
import { operationalError } from '../core/operational-error.ts';
import { runTool, type ToolCall, type ToolEnd } from './run-tool.ts';

const LAST_LINES = 5;

export type SuccessCall = Omit<ToolCall, 'onLine'> & {
  /** Told each line that it says, too. */
  readonly onLine?: (line: string) => void;
  /** What messages call it. */
  readonly name: string;
  /** What its own failure says of the backup; without a full stop. Whatever else ends it says nothing of it. */
  readonly failure: (why: string) => Error;
};

/** Throws `backup-unverifiable` for one that is not started or is killed; the signal's reason when that ends it. */
export async function runToSuccess({ name, failure, ...call }: SuccessCall): Promise<void> {
  const said: string[] = [];
  const onLine = (line: string): void => {
    said.push(line);
    call.onLine?.(line);
  };
  const end = await runTool({ ...call, onLine });
  const words = said.slice(-LAST_LINES).join('\n').trim();
  const withWords = (what: string): string => (words === '' ? what : `${what}:\n${words}`);
  if (end.kind === 'exited') {
    if (end.code === 0) return;
    throw failure(withWords(`${name} ended with ${end.code}`));
  }
  call.signal.throwIfAborted();
  throw operationalError('backup-unverifiable', `${withWords(`${name} ${wayOf(end)}`)}.`);
}

function wayOf(end: Exclude<ToolEnd, { kind: 'exited' }>): string {
  switch (end.kind) {
    case 'killed':
      return `was killed by ${end.signal}`;
    case 'ended':
      return 'was ended';
    case 'not-started':
      return `could not be started: ${end.reason}`;
  }
}
