/** The version of the Surefoot that runs, so that command and server can compare theirs. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { invariant } from '../core/invariant.ts';

/** Read from the package's own package.json, which lies above both the sources and the build. */
export function packageVersion(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const manifest = readManifest(join(folder, 'package.json'));
    if (manifest?.name === 'surefoot') return manifest.version;
    invariant(folder !== dirname(folder), 'Surefoot lies outside of its package.');
  }
}

function readManifest(path: string): { name: string; version: string } | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { name: string; version: string };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
