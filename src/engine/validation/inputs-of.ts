/**
 * All that a check's report depends on, as one digest: what is checked, the program and its arguments with the files elsewhere
 * that they name, the programs that it may start in turn, its environment, what it judges by, what was planted, and the same of what it needs and of all that
 * prepares what it looks at. Neither its rule nor a waiver is among it: kept reports are judged anew.
 */
import { dirname, resolve } from 'node:path';
import { OperationalError } from '../../core/operational-error.ts';
import { changesAlone } from '../../core/validation/changes-alone.ts';
import { digestArtifact } from '../../platform/artifact-digest.ts';
import { canonicalDigest } from '../../platform/canonical-digest.ts';
import { digestFile } from '../../platform/digest-file.ts';
import { findProgram } from '../../platform/find-program.ts';
import { isInside } from '../../platform/is-inside.ts';
import { LAUNCH_VARIABLE } from '../../platform/launched-processes.ts';
import { programsDigest } from '../../platform/programs-digest.ts';
import { databaseDigest } from './check-database.ts';
import type { NamedCheck } from './run-check.ts';
import { outsideFiles } from './outside-files.ts';
import { preparesShared } from './prepares-shared.ts';
import { withoutCopy } from './without-copy.ts';

interface Surroundings {
  readonly directory: string;
  /** Null when what is checked has no digest. */
  readonly source: string | null;
  readonly environment: Readonly<Record<string, string>>;
  /** Nobody waits for what is not known by then. */
  readonly signal: AbortSignal;
}

/** In the order of the checks, in which what others need comes first. Null of what is not known. */
export async function inputsOf(
  checks: readonly NamedCheck[],
  surroundings: Surroundings,
): Promise<ReadonlyMap<string, string | null>> {
  const found = new Map<string, string | null>();
  // A program may be large, and many checks are of the same one.
  const digests = new Map<string, string>();
  for (const check of checks) {
    found.set(check.name, await digestOf(check, { found, digests }, surroundings));
  }
  const prepared = checks.filter(preparesShared).map(({ name }) => found.get(name) ?? null);
  return new Map(
    [...found].map(([name, own]) => {
      const isKnown = own !== null && !prepared.includes(null);
      return [name, isKnown ? canonicalDigest({ own, prepared }) : null];
    }),
  );
}

export interface DigestedSource {
  /** Null for what cannot be an artifact: it holds links that leave it, or nothing. */
  readonly digest: string | null;
  /** Why it has none, in one sentence. */
  readonly refusal: string | null;
}

export async function digestedSource(directory: string): Promise<DigestedSource> {
  try {
    return { digest: (await digestArtifact(directory)).digest, refusal: null };
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    return { digest: null, refusal: withoutCopy([dirname(directory)])(error.message) };
  }
}

interface Known {
  readonly found: ReadonlyMap<string, string | null>;
  /** Of programs by their path, and of all in it by a search path. */
  readonly digests: Map<string, string>;
}

async function digestOf(
  check: NamedCheck,
  { found, digests }: Known,
  { directory, source, environment, signal }: Surroundings,
): Promise<string | null> {
  const { run, plant, plantApart, env, needs, report, database, preview, target } = check;
  const { PATH: searched = '', HOME: home } = { ...environment, ...env };
  // Programs are meant by what they are, and a launch is another one each time.
  const { PATH: _path, [LAUNCH_VARIABLE]: _launch, ...inherited } = environment;
  // What runs is another one the next time.
  if (preview || target !== undefined) return null;
  if (check.reader && changesAlone(check.reader.rule, check)) return null;
  const needed = needs.map((name) => found.get(name) ?? null);
  if (source === null || needed.includes(null)) return null;
  const program = await programDigest(run[0] ?? '', digests, { directory, searched });
  const judgedBy = database ? await databaseDigest(database, { directory, home }, signal) : '';
  // Its program, which has its digest, may be named by a path.
  const words = [...run.slice(1), ...Object.values({ ...env, PATH: '', HOME: '' })];
  const outside = await outsideFiles(words, { directory, home });
  if (program === null || judgedBy === null || outside === null) return null;
  const others = digests.get(searched) ?? (await programsDigest(searched));
  digests.set(searched, others);
  // How bad its bait must be is asked when it is made, and not once more.
  const isBaitedApart = Object.keys(plantApart).length > 0;
  const reader = isBaitedApart ? report : (report?.driver ?? null);
  return canonicalDigest({
    ...{
      source,
      program,
      others,
      judgedBy,
      run,
      outside: [...outside],
      plant,
      plantApart,
      inherited,
      env,
      needed,
      reader,
    },
  });
}

/** What a check of the chain brings along comes from the source, which has its digest already. */
async function programDigest(
  name: string,
  digests: Known['digests'],
  { directory, searched }: { readonly directory: string; readonly searched: string },
): Promise<string | null> {
  if (name.includes('/') && isInside(directory, resolve(directory, name))) return name;
  try {
    const path = await findProgram(name, directory, searched);
    const digest = digests.get(path) ?? (await digestFile(path)).hex;
    digests.set(path, digest);
    return digest;
  } catch (error) {
    if (error instanceof OperationalError) return null;
    throw error;
  }
}
