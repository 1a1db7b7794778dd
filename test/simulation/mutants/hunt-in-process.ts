/** Searches for each mutant whose number is given, one after the other; a line of JSON for each. */
import { mutants } from './mutants.ts';
import { SHARE, WHOLE } from './mutant-scenarios.ts';
import { plantMutants, urlOf } from './plant-mutants.ts';
import type * as Finder from './find-violation.ts';

Error.stackTraceLimit = 0;
plantMutants();
for (const number of process.argv.slice(2).map(Number)) {
  const search = await searchFor(number);
  process.stdout.write(`${JSON.stringify({ number, ...search })}\n`);
}
process.exit();

async function searchFor(number: number): Promise<Finder.Search> {
  const mutant = mutants[number];
  if (!mutant) throw new Error(`There is no mutant ${number}.`);
  const program = urlOf(new URL('./find-violation.ts', import.meta.url).href, number);
  const { findViolation } = (await import(program)) as typeof Finder;
  const effort = mutant.argued === undefined ? WHOLE : SHARE;
  // What nobody caught would end a real run; here it ends the search for this mutant.
  const { promise: thrown, reject: fail } = Promise.withResolvers<never>();
  process.on('unhandledRejection', fail).on('uncaughtException', fail);
  try {
    return await Promise.race([findViolation(mutant.under ?? [], effort, mutant.shape), thrown]);
  } catch (error) {
    return { runs: 0, found: { scenario: null, message: `throws ${String(error)}` } };
  } finally {
    process.off('unhandledRejection', fail).off('uncaughtException', fail);
  }
}
