/**
 * What is known to be bad, put into a copy of the newsroom one by one: the check that is meant to find it must fail, by
 * what it is meant to find, and must pass without it. All twelve take ten minutes; names of checks choose among them.
 * Needs npm's registry, and wapiti for two of them.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCommand } from '../command-line/run-command.ts';
import { faultsOf } from './faults-of.ts';
import { isFound, type CheckedJson } from './is-found.ts';
import { GOOD_RELEASE, type KnownBad } from './known-bad.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const EXIT_INTERRUPTED = 130;

await runCommand(() => main(process.argv.slice(2)));

/** Leaves with 1 when something was not found. `wanted`: checks; all when it is empty. */
async function main(wanted: readonly string[]): Promise<number> {
  const tried = faultsOf(wanted);
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => interruption.abort());
  }
  const { signal } = interruption;
  const place = await mkdtemp(join(tmpdir(), 'sf-known-bad-'));
  try {
    const missed = await tryAll(place, tried, signal);
    process.stdout.write(missed === 0 ? 'All of it was found.\n' : `${missed} were not found.\n`);
    return missed === 0 ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    return EXIT_INTERRUPTED;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** How many were not found, or by checks that find something where there is nothing. */
async function tryAll(
  place: string,
  tried: readonly KnownBad[],
  signal: AbortSignal,
): Promise<number> {
  const newsroom = await newsroomIn(place, tried);
  const checks = [...new Set(tried.map(({ check }) => check))];
  const passing = await passingWithout(newsroom, checks, signal);
  let missed = 0;
  for (const bad of tried) {
    const copy = await mkdtemp(join(place, 'copy-'));
    await cp(newsroom, copy, { recursive: true });
    await bad.spoil(copy);
    const [found] = await checked(copy, [bad.check], { release: bad.release, signal });
    const isGood = isFound(bad, found, passing);
    if (!isGood) missed += 1;
    tell(isGood, `${bad.what}: ${toldOf(found, bad.unmet)}`);
  }
  return missed;
}

async function newsroomIn(place: string, tried: readonly KnownBad[]): Promise<string> {
  const newsroom = join(place, 'newsroom');
  await cp(join(root, 'examples/newsroom'), newsroom, {
    recursive: true,
    filter: (path) => !/\/(?:node_modules|releases|\.surefoot)$/.test(path),
  });
  const versions = new Set([GOOD_RELEASE, ...tried.map(({ release }) => release)]);
  const build = join(root, 'examples/newsroom/build-releases.mjs');
  await run(process.execPath, [build, '--out', join(newsroom, 'releases'), ...versions]);
  return newsroom;
}

/** What fails without the fault as well is not failed by it. */
async function passingWithout(
  newsroom: string,
  checks: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const passing = new Set<string>();
  for (const found of await checked(newsroom, checks, { release: GOOD_RELEASE, signal })) {
    const isPassed = found.outcome === 'PASS';
    if (isPassed) passing.add(found.name);
    tell(isPassed, `nothing bad: ${toldOf(found)}`);
  }
  return passing;
}

function toldOf(found: CheckedJson | undefined, criterion?: string): string {
  if (!found) return 'its check was not run';
  const { name, outcome, because, criteria } = found;
  const unmet = criteria.filter(({ state }) => state !== 'met');
  const shown = unmet.find(({ what }) => what === criterion) ?? unmet[0];
  const why = shown ? `${shown.what}: ${shown.observed}` : because;
  return [`${name} ${outcome}`, ...(why === null ? [] : [why])].join(', ');
}

function tell(isGood: boolean, text: string): void {
  process.stdout.write(`${isGood ? '✓' : '✗'} ${text}\n`);
}

/** Those alone that were asked for. It leaves with 3 when one did not pass, which is what is wanted. */
async function checked(
  folder: string,
  checks: readonly string[],
  { release, signal }: { readonly release: string; readonly signal: AbortSignal },
): Promise<readonly CheckedJson[]> {
  const config = join(folder, 'checked.yaml');
  const args = ['--config', config, '--state-dir', join(folder, '.surefoot'), '--json', 'check'];
  const command = [join(root, 'bin/surefoot.mjs'), ...args, ...checks, '--release', release];
  // The preview has a database of its own.
  const env = { ...process.env, NEWSROOM_DATABASE_URL: 'postgresql:///of-no-preview' };
  const told = await printedBy(command, env, signal);
  return told.checks.filter(({ name }) => checks.includes(name));
}

/** Interrupted, it is asked to end, and has ended its tools when this throws. */
async function printedBy(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<{ readonly checks: readonly CheckedJson[] }> {
  signal.throwIfAborted();
  const parse = (text: string) => JSON.parse(text) as { readonly checks: readonly CheckedJson[] };
  // Out of reach of the terminal, whose Ctrl-C would be a second one to it, which it does not wait with.
  const options = { env, maxBuffer: OUTPUT_BYTES_MAX, detached: true };
  const running = run(process.execPath, command, options);
  const end = (): boolean => running.child.kill('SIGTERM');
  signal.addEventListener('abort', end);
  try {
    return parse((await running).stdout);
  } catch (error) {
    signal.throwIfAborted();
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
    if (stdout) return parse(stdout);
    throw new Error(`Nothing was told: ${stderr ?? String(error)}`, { cause: error });
  } finally {
    signal.removeEventListener('abort', end);
  }
}
