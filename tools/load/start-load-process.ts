import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Counts } from './tally.ts';
import type { LoadReport } from './start-load.ts';

/** A load client in a process of its own, for harnesses: the demo, the benches, the crash tests. */
export interface LoadProcess {
  /** Resolves when the mark is in the history. */
  readonly mark: (text: string) => Promise<void>;
  readonly count: () => Promise<Counts & { readonly inFlight: number }>;
  /** Ends the arrivals; `done` follows when all answers in flight are in. */
  readonly stop: () => void;
  /** For a harness that gives up: nothing more is written. */
  readonly kill: () => void;
  /** Rejects if the client ended without a summary, with what it said. */
  readonly done: Promise<LoadReport>;
}

type Word = 'started' | 'marked' | 'count' | 'summary';

interface Waiter {
  readonly resolve: (line: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Resolves when the load has begun. `program` is `load-client.ts` or another entry that calls
 * `loadClient`; `--json` is added here, since it is what this side reads.
 */
export async function startLoadProcess(
  program: string,
  args: readonly string[],
): Promise<LoadProcess> {
  const child = spawn(process.execPath, [program, ...args, '--json'], { stdio: 'pipe' });
  const answers = answersOf(child);
  const done = answers.next('summary').then((line) => line as LoadReport);
  // Whoever waits for the start, a mark or a count hears of an early end there; `done` is for later.
  done.catch(() => undefined);
  const say = (line: string): void => {
    child.stdin.write(`${line}\n`);
  };
  await answers.next('started');
  return {
    async mark(text) {
      say(`mark ${text}`);
      await answers.next('marked');
    },
    async count() {
      say('count');
      const line = (await answers.next('count')) as { count: Counts & { inFlight: number } };
      return line.count;
    },
    stop() {
      say('stop');
    },
    kill() {
      child.kill('SIGKILL');
    },
    done,
  };
}

function answersOf(child: ChildProcess): { next: (word: Word) => Promise<unknown> } {
  const waiting = new Map<Word, Waiter[]>();
  const end: { error: Error | null } = { error: null };
  const complaints: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  // A client that ended while it was spoken to says more by its end than by the broken pipe.
  child.stdin?.on('error', () => undefined);
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said: unknown = JSON.parse(line);
      if (typeof said !== 'object' || said === null) return;
      const word = words.find((candidate) => candidate in said);
      if (word !== undefined) waiting.get(word)?.shift()?.resolve(said);
    });
  }
  child.on('close', (code) => {
    const error = new Error(`the load client ended (exit code ${code}): ${complaints.join('')}`);
    end.error = error;
    for (const waiter of [...waiting.values()].flat()) waiter.reject(error);
  });
  return {
    next: (word) =>
      new Promise((resolve, reject) => {
        if (end.error !== null) reject(end.error);
        else waiting.set(word, [...(waiting.get(word) ?? []), { resolve, reject }]);
      }),
  };
}

const words: readonly Word[] = ['started', 'marked', 'count', 'summary'];
