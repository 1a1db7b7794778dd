/** Loaded before a mutant's run: gives the changed text of one source file to the module loader. */
import { registerHooks } from 'node:module';
import { mutants } from './mutants.ts';

const mutant = mutants.find(({ name }) => name === process.env['MUTANT']);
if (!mutant) throw new Error(`There is no mutant "${process.env['MUTANT']}".`);
const { file, find, replace } = mutant;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/src/${file}`)) return loaded;
    const { source = '' } = loaded;
    const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
    if (text.split(find).length !== 2) throw new Error(`The place is not once in ${file}.`);
    return { ...loaded, source: text.replace(find, () => replace) };
  },
});
