/**
 * Gives each mutant a program of its own within one process: whatever is imported with `?mutant=7`
 * imports the rest of the repository with it, too, and one of those files is changed as it is loaded.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { mutants } from './mutants.ts';

const root = new URL('../../../', import.meta.url).href;

export function plantMutants(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const number = numberIn(context.parentURL);
      return number !== null && isOurs(resolved.url) && numberIn(resolved.url) === null
        ? { ...resolved, url: urlOf(resolved.url, number) }
        : resolved;
    },
    load(url, context, nextLoad) {
      const number = numberIn(url);
      const mutant = number === null ? undefined : mutants[number];
      const [file = ''] = url.split('?');
      if (!mutant || file !== `${root}${mutant.file}`) return nextLoad(url, context);
      return { format: 'module-typescript', shortCircuit: true, source: changed(file, mutant) };
    },
  });
}

/** The same file as a part of the mutant's program. */
export function urlOf(url: string, number: number): string {
  return `${url}?mutant=${number}`;
}

function numberIn(url = ''): number | null {
  const [, number] = url.split('?mutant=');
  return number === undefined ? null : Number(number);
}

function isOurs(url: string): boolean {
  return url.startsWith(root) && !url.includes('/node_modules/');
}

function changed(url: string, { name, find, replace }: (typeof mutants)[number]): string {
  const text = readFileSync(fileURLToPath(url), 'utf8');
  if (text.split(find).length !== 2) throw new Error(`The place is not there once: ${name}.`);
  return text.replace(find, () => replace);
}
