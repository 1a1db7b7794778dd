/**
 * What is known to be bad, put into a copy of the newsroom one by one: the check that is meant to find it must fail, by
 * what it is meant to find. Needs npm's registry, and wapiti for two of them.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { knownBad, type KnownBad } from './known-bad.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

interface CheckedJson {
  readonly checks: readonly {
    readonly name: string;
    readonly outcome: string;
    readonly because: string | null;
    readonly criteria: readonly {
      readonly what: string;
      readonly observed: string;
      readonly state: string;
    }[];
  }[];
}

await main(process.argv.slice(2));

/** Leaves with 1 when something was not found. `wanted`: checks; all when it is empty. */
async function main(wanted: readonly string[]): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'sf-known-bad-'));
  try {
    const missed = await tryAll(place, wanted);
    process.stdout.write(missed === 0 ? 'All of it was found.\n' : `${missed} were not found.\n`);
    process.exitCode = missed === 0 ? 0 : 1;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** How many were not found. */
async function tryAll(place: string, wanted: readonly string[]): Promise<number> {
  const newsroom = join(place, 'newsroom');
  await cp(join(root, 'examples/newsroom'), newsroom, {
    recursive: true,
    filter: (path) => !/\/(?:node_modules|releases|\.surefoot)$/.test(path),
  });
  const versions = [...new Set(knownBad.map(({ release }) => release))];
  const build = join(root, 'examples/newsroom/build-releases.mjs');
  await run(process.execPath, [build, '--out', join(newsroom, 'releases'), ...versions]);
  let missed = 0;
  for (const bad of knownBad) {
    if (wanted.length > 0 && !wanted.includes(bad.check)) continue;
    const copy = await mkdtemp(join(place, 'copy-'));
    await cp(newsroom, copy, { recursive: true });
    await bad.spoil(copy);
    const { isFound, told } = await toldOf(copy, bad);
    if (!isFound) missed += 1;
    process.stdout.write(`${isFound ? '✓' : '✗'} ${bad.what}: ${bad.check} ${told}\n`);
  }
  return missed;
}

async function toldOf(
  folder: string,
  bad: KnownBad,
): Promise<{ readonly isFound: boolean; readonly told: string }> {
  const { checks } = await checked(folder, bad);
  const found = checks.find(({ name }) => name === bad.check);
  const unmet = found?.criteria.find(({ state }) => state === 'unmet');
  const observed = unmet ? `${unmet.what}: ${unmet.observed}` : (found?.because ?? 'passed it');
  const isFound = found?.outcome === 'FAIL' && unmet !== undefined && bad.by.test(observed);
  return { isFound, told: `${found?.outcome ?? 'was not run'}, ${observed}` };
}

/** It leaves with 3 when a check did not pass, which is what is wanted. */
async function checked(folder: string, { check, release }: KnownBad): Promise<CheckedJson> {
  const config = join(folder, 'surefoot.yaml');
  const args = ['--config', config, '--state-dir', join(folder, '.surefoot'), '--json'];
  const command = [join(root, 'bin/surefoot.mjs'), ...args, 'check', check, '--release', release];
  // The preview has a database of its own.
  const env = { ...process.env, NEWSROOM_DATABASE_URL: 'postgresql:///of-no-preview' };
  const options = { env, maxBuffer: OUTPUT_BYTES_MAX };
  try {
    return JSON.parse((await run(process.execPath, command, options)).stdout) as CheckedJson;
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
    if (!stdout)
      throw new Error(`check ${check} told nothing: ${stderr ?? String(error)}`, { cause: error });
    return JSON.parse(stdout) as CheckedJson;
  }
}
