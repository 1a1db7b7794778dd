/**
 * The registry example as a user would run it, in a temporary folder: its own configuration with a
 * free port, its releases, a seeded storage and a Surefoot.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  fetchReleases,
  registryReleases,
  releasesPath,
} from '../../../examples/registry/fetch-releases.ts';
import { seedPackages } from '../../../examples/registry/seed-packages.ts';
import type { DeploymentSummary } from '../../../src/core/deployment/deployment-summary.ts';
import { stateDirectoryAt } from '../../../src/platform/state-directory.ts';
import { removePostgres } from '../../../src/platform/stop-postgres.ts';
import { freePort } from '../../stand/free-port.ts';
import { runSurefoot, type SurefootCall } from '../../stand/run-surefoot.ts';
import type { Say } from '../run-bench.ts';

const configPath = new URL('../../../examples/registry/surefoot.yaml', import.meta.url).pathname;

export const [releaseBefore, releaseAfter] = registryReleases;

export interface RegistryStand {
  readonly url: string;
  /** Resolves when the deployment has ended, however it did. */
  deploy(release: string, say: Say): Promise<DeploymentSummary>;
  close(): Promise<void>;
}

export async function openRegistryStand(): Promise<RegistryStand> {
  const root = await mkdtemp(join(tmpdir(), 'sf-r-'));
  const directory = stateDirectoryAt(join(root, 's'));
  const storagePath = join(root, 'storage');
  const surefoot = (args: readonly string[], onLine?: SurefootCall['onLine']) =>
    runSurefoot({
      args,
      cwd: root,
      env: { REGISTRY_STORAGE: storagePath, SUREFOOT_STATE_DIR: directory.root },
      ...(onLine && { onLine }),
    });
  const close = async (): Promise<void> => {
    await surefoot(['down', '--force']);
    await removePostgres(directory);
    await rm(root, { recursive: true, force: true });
  };
  try {
    const [releasePath = ''] = await fetchReleases();
    await seedPackages({ releasePath, storagePath });
    const port = await freePort();
    await writeFile(join(root, 'surefoot.yaml'), await configWith(port));
    const up = await surefoot(['up']);
    if (up.exitCode !== 0) throw new Error(up.stderr);
    return {
      url: `http://127.0.0.1:${port}`,
      deploy: (release, say) => deploy(surefoot, release, say),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function deploy(
  surefoot: (args: readonly string[], onLine?: SurefootCall['onLine']) => Promise<unknown>,
  release: string,
  say: Say,
): Promise<DeploymentSummary> {
  const summaries: DeploymentSummary[] = [];
  const result = await surefoot(['deploy', '--release', release, '--json'], (line) => {
    if (line.kind !== 'audit') return;
    const { body } = line.entry;
    if (body.kind === 'CommandSucceeded') say(`   ${body.step}: ${body.evidence.summary}`);
    if (body.kind === 'CommandFailed') say(`   ${body.step} ✗ ${body.failure.message}`);
    if (body.kind === 'DeploymentEnded') summaries.push(body.summary);
  });
  const [summary] = summaries;
  if (summary) return summary;
  throw new Error(`${release} was not deployed: ${JSON.stringify(result)}`);
}

/** The example's own file, but for where it listens and where its releases lie. */
async function configWith(port: number): Promise<string> {
  const text = await readFile(configPath, 'utf8');
  return text
    .replace(/listen: \S+/, `listen: 127.0.0.1:${port}`)
    .replace('path: releases/', `path: ${releasesPath}/`);
}
