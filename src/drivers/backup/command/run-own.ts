/** Runs a program of the author's to its end, and reads the parts that it has written. */
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import type { ContentPart } from '../../../core/backup/content.ts';
import { filledIn } from '../../../core/words/filled-in.ts';
import { boundedLines } from '../../../platform/bounded-lines.ts';
import { systemClock } from '../../../platform/clock.ts';
import { findProgram } from '../../../platform/find-program.ts';
import { inheritedEnvironment } from '../../../platform/inherited-environment.ts';
import { runToSuccess } from '../../../platform/run-to-success.ts';

interface OwnRun {
  readonly words: readonly string[];
  /** What stands in braces, and what for. */
  readonly places: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>> | undefined;
  readonly directory: string;
  readonly inputFile?: string;
  readonly outputFile: string | null;
  readonly signal: AbortSignal;
  readonly failure: (why: string) => Error;
}

export async function runOwn({ words, places, environment, ...run }: OwnRun): Promise<void> {
  const [name = '', ...args] = words.map((word) => filledIn(word, places));
  const inherited = inheritedEnvironment(process.env);
  await runToSuccess({
    ...{ ...run, name, args, clock: systemClock, environment: { ...inherited, ...environment } },
    program: await findProgram(name, run.directory, inherited.PATH),
    secretValues: Object.values(environment ?? {}),
  });
}

const partSchema = z.strictObject({
  name: z.string().min(1),
  size: z.int().nonnegative(),
  hash: z.string().min(1),
});

/** None of two has the name of another. */
export async function readParts(
  path: string,
  failure: (why: string) => Error,
): Promise<readonly ContentPart[]> {
  const parts = new Map<string, ContentPart>();
  for await (const line of boundedLines(createReadStream(path) as AsyncIterable<Buffer>, [])) {
    if (line.trim() === '') continue;
    const part = partOf(line);
    if (part === null) throw failure(`"${line.slice(0, 100)}" is no part`);
    if (parts.has(part.name)) throw failure(`The part "${part.name}" is there twice`);
    parts.set(part.name, part);
  }
  return [...parts.values()];
}

function partOf(line: string): ContentPart | null {
  try {
    return partSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}
