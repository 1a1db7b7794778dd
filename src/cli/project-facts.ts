/** Looks at a project, before checks are offered for it; changes nothing and starts nothing. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Pack } from '../config/packs/pack.ts';
import type { HostFacts, ProjectFacts } from '../config/packs/project-facts.ts';
import { OperationalError } from '../core/operational-error.ts';
import { findProgram } from '../platform/find-program.ts';
import { inheritedEnvironment } from '../platform/inherited-environment.ts';
import { isSystemError } from '../platform/is-system-error.ts';
import { configPathOf, type CliSession } from './cli-session.ts';
import { packageFacts } from './package-facts.ts';

/** Of the folder in which surefoot.yaml lies, or will. */
export async function projectFacts(
  session: CliSession,
  packs: readonly Pack[],
): Promise<ProjectFacts> {
  const folder = dirname(configPathOf(session));
  const { PATH } = inheritedEnvironment(session.environment.env);
  const files = new Set(await namesIn(folder));
  const packages = packs.flatMap((pack) => pack.packages);
  return {
    files,
    package: files.has('package.json') ? await packageFacts(join(folder, 'package.json')) : null,
    installed: new Set(packages.filter((name) => isInstalled(folder, name))),
    programs: await programsIn(
      PATH,
      packs.flatMap((pack) => pack.programs),
    ),
    localPrograms: new Set(await namesIn(join(folder, 'node_modules', '.bin'))),
    host: await hostFacts(),
  };
}

/** A checked copy has nothing of folders above. */
function isInstalled(folder: string, name: string): boolean {
  return existsSync(join(folder, 'node_modules', name, 'package.json'));
}

async function programsIn(path: string, names: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const name of names) {
    try {
      await findProgram(name, '/', path);
      found.add(name);
    } catch (error) {
      if (!(error instanceof OperationalError)) throw error;
    }
  }
  return found;
}

const SCAP_CONTENT = '/usr/share/xml/scap/ssg/content';

async function hostFacts(): Promise<HostFacts> {
  const release = (await textOf('/etc/os-release')) ?? '';
  const isDebian = /^ID="?debian"?$/m.test(release);
  const [, version] = /^VERSION_ID="?(\d+)"?$/m.exec(release) ?? [];
  const contents = await namesIn(SCAP_CONTENT);
  return {
    debian: isDebian ? (version ?? null) : null,
    scapContents: contents.map((name) => join(SCAP_CONTENT, name)),
  };
}

/** None of a folder that does not exist. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return (await unlessMissing(readdir(folder))) ?? [];
}

function textOf(path: string): Promise<string | null> {
  return unlessMissing(readFile(path, 'utf8'));
}

async function unlessMissing<Value>(read: Promise<Value>): Promise<Value | null> {
  try {
    return await read;
  } catch (error) {
    if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}
