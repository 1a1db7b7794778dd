/** Searches for all mutants, in as many processes as are asked for; gives each as soon as it is known. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import type { Search } from './find-violation.ts';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';

export interface Hunted extends Search {
  readonly mutant: Mutant;
}

const hunter = fileURLToPath(new URL('./hunt-in-process.ts', import.meta.url));

/** Rejects when a search itself has failed. */
export async function huntMutants(
  processes: number,
  onHunted: (hunted: Hunted) => void,
): Promise<void> {
  const shares = Array.from({ length: processes }, (_, index) =>
    mutants.flatMap((_mutant, number) => (number % processes === index ? [number] : [])),
  );
  await Promise.all(shares.map((numbers) => huntShare(numbers, onHunted)));
}

async function huntShare(
  numbers: readonly number[],
  onHunted: (hunted: Hunted) => void,
): Promise<void> {
  const child = spawn(process.execPath, [hunter, ...numbers.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => void child.once('close', resolve));
  let known = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const { number, ...search } = JSON.parse(line) as Search & { readonly number: number };
    const mutant = mutants[number];
    if (!mutant) throw new Error(`There is no mutant ${number}.`);
    known += 1;
    onHunted({ mutant, ...search });
  }
  const code = await ended;
  if (known < numbers.length) {
    throw new Error(`The search ended with ${code} at mutant ${numbers[known]}.`);
  }
}
