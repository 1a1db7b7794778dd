/** Makes `releases/<version>/` from npm: a published Verdaccio with its start script. Repeatable. */
import { execFile } from 'node:child_process';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** From the first to the second is the upgrade of the example. */
export const registryReleases = ['6.9.2', '6.10.4'] as const;

export const releasesPath = join(import.meta.dirname, 'releases');

const ownFiles = ['start.mjs', 'verdaccio.yaml'] as const;

const manifest = {
  private: true,
  type: 'module',
  // verdaccio-audit (unused here) asks for the dist-tag `cjs`, which not every mirror of npm carries.
  overrides: { 'verdaccio-audit': { 'node-fetch': '2.7.0' } },
};

/** Fetches every given version that is not there yet; resolves with their directories. */
export async function fetchReleases(
  versions: readonly string[] = registryReleases,
): Promise<readonly string[]> {
  await mkdir(releasesPath, { recursive: true });
  const directories: string[] = [];
  for (const version of versions) directories.push(await fetchRelease(version));
  return directories;
}

async function fetchRelease(version: string): Promise<string> {
  const directory = join(releasesPath, version);
  if (await isComplete(directory, version)) return directory;
  // Whole or not at all: a release is made aside and renamed, so that a broken download is no release.
  const aside = await mkdtemp(join(releasesPath, '.fetching-'));
  try {
    await writeFile(join(aside, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await installVerdaccio(aside, version);
    await prune(join(aside, 'node_modules'));
    for (const file of ownFiles) await copyFile(join(import.meta.dirname, file), join(aside, file));
    await rm(directory, { recursive: true, force: true });
    await rename(aside, directory);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return directory;
}

async function installVerdaccio(directory: string, version: string): Promise<void> {
  const flags = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact'];
  const install = promisify(execFile)('npm', ['install', ...flags, `verdaccio@${version}`], {
    cwd: directory,
  });
  await install.catch((error: unknown) => {
    throw new Error(`npm could not install verdaccio@${version}`, { cause: error });
  });
}

// A third of the files are only for people who write code against them; every file of a release is
// digested again and again.
async function prune(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !/\.(map|d\.[cm]?ts)$/.test(entry.name)) continue;
    await rm(join(entry.parentPath, entry.name));
  }
}

// Also false when start.mjs or verdaccio.yaml has changed since: a release holds what it was made of.
async function isComplete(directory: string, version: string): Promise<boolean> {
  const installed = join(directory, 'node_modules', 'verdaccio', 'package.json');
  const facts: unknown = JSON.parse((await contentOf(installed)) ?? 'null');
  if (typeof facts !== 'object' || facts === null || !('version' in facts)) return false;
  if (facts.version !== version) return false;
  for (const file of ownFiles) {
    const own = await contentOf(join(import.meta.dirname, file));
    if (own !== (await contentOf(join(directory, file)))) return false;
  }
  return true;
}

async function contentOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
}

if (import.meta.main) {
  const given = process.argv.slice(2);
  for (const directory of await fetchReleases(given.length > 0 ? given : registryReleases)) {
    process.stdout.write(`${directory}\n`);
  }
}
