/**
 * Makes `releases/<version>/` from the one code base in `app/`: JavaScript, the modules it needs,
 * and `release.json`, the only file in which one release differs from another.
 *
 *   node build-releases.mjs [--out <folder>] [<version> ...]
 */
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';

const MODULES = ['pg', 'ws'];
/** What npm nested is found by itself; the rest is not run, and a release is copied and digested. */
const UNNEEDED = /^\/(node_modules|test)\b|\.(md|d\.ts|map)$/;

const root = import.meta.dirname;
const { values, positionals } = parseArgs({
  options: { out: { type: 'string', default: join(root, 'releases') } },
  allowPositionals: true,
});

const releases = JSON.parse(await readFile(join(root, 'releases.json'), 'utf8'));
const versions = positionals.length > 0 ? positionals : Object.keys(releases);
const unknown = versions.filter((version) => !(version in releases));
if (unknown.length > 0) {
  process.stderr.write(
    `No such release: ${unknown.join(', ')}. There are ${Object.keys(releases).join(', ')}.\n`,
  );
  process.exit(2);
}

const program = await compile(join(root, 'app'));
const modules = findModules(MODULES, import.meta.url);
for (const version of versions) {
  await build(version);
  process.stdout.write(`${join(values.out, version)}\n`);
}

/** File name to JavaScript, for every source that is not a test. */
async function compile(folder) {
  const names = (await readdir(folder)).filter(
    (name) => /\.m?ts$/.test(name) && !name.endsWith('.test.ts'),
  );
  const compiled = new Map();
  for (const name of names.sort()) {
    const { outputText } = ts.transpileModule(await readFile(join(folder, name), 'utf8'), {
      fileName: name,
      compilerOptions: {
        target: ts.ScriptTarget.ES2024,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    });
    compiled.set(name.replace(/ts$/, 'js'), outputText);
  }
  return compiled;
}

/** Name to folder, with everything that the named modules need in turn. */
function findModules(names, from, found = new Map()) {
  const require = createRequire(from);
  for (const name of names) {
    if (found.has(name)) continue;
    const file = manifestOf(require, name);
    found.set(name, dirname(file));
    findModules(Object.keys(require(file).dependencies ?? {}), file, found);
  }
  return found;
}

/** `require.resolve` is of no use here: a package may keep its manifest out of `exports`. */
function manifestOf(require, name) {
  for (const folder of require.resolve.paths(name)) {
    try {
      const file = join(folder, name, 'package.json');
      require(file);
      return file;
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new Error(`The module ${name} is not installed: run npm install first.`);
}

/** Builds beside and moves into place, so that nobody ever sees half a release. */
async function build(version) {
  const target = join(values.out, version);
  const made = await filesOf(version);
  // A release that is the same already is left alone: an instance may be running from it.
  if (await isSame(target, made)) return;
  const stage = `${target}.${process.pid}.new`;
  await rm(stage, { recursive: true, force: true });
  await mkdir(stage, { recursive: true });
  for (const [name, text] of made) await writeFile(join(stage, name), text);
  for (const [name, folder] of modules) {
    await cp(folder, join(stage, 'node_modules', name), {
      recursive: true,
      filter: (source) => !UNNEEDED.test(source.slice(folder.length)),
    });
  }
  await rm(target, { recursive: true, force: true });
  await rename(stage, target);
}

async function filesOf(version) {
  const manifest = { name: 'newsroom', version: `${version}.0`, private: true, type: 'module' };
  return new Map([
    ...program,
    ['package.json', `${JSON.stringify(manifest, null, 2)}\n`],
    ['release.json', `${JSON.stringify({ version, ...releases[version] }, null, 2)}\n`],
  ]);
}

async function isSame(folder, made) {
  const present = await readdir(folder).catch(() => []);
  if (present.filter((name) => name !== 'node_modules').length !== made.size) return false;
  for (const [name, text] of made) {
    const old = await readFile(join(folder, name), 'utf8').catch(() => null);
    if (old !== text) return false;
  }
  for (const [name, source] of modules) {
    const old = await readFile(join(folder, 'node_modules', name, 'package.json')).catch(
      () => null,
    );
    if (old === null || !old.equals(await readFile(join(source, 'package.json')))) return false;
  }
  return true;
}
