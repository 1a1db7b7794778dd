/**
 * The same as a user sees it: from `surefoot up`, with nothing running and the data there, until the
 * first step of a `surefoot deploy` given right after it. Three programs start one after the other.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stateDirectoryAt } from '../../../src/platform/state-directory.ts';
import { removePostgres } from '../../../src/platform/stop-postgres.ts';
import { freePort } from '../../stand/free-port.ts';
import { runSurefoot, type SurefootCall } from '../../stand/run-surefoot.ts';

export interface WarmUpTimes {
  /** Until `surefoot up` has ended. */
  readonly upMs: readonly number[];
  /** Until the first step. */
  readonly firstStepMs: readonly number[];
}

export async function measureWarmUps(repetitions: number): Promise<WarmUpTimes> {
  const root = await mkdtemp(join(tmpdir(), 'sf-w-'));
  const directory = stateDirectoryAt(join(root, 's'));
  const surefoot = (args: readonly string[], onLine?: SurefootCall['onLine']) =>
    runSurefoot({
      args,
      cwd: root,
      env: { SUREFOOT_STATE_DIR: directory.root },
      ...(onLine && { onLine }),
    });
  try {
    await mkdir(join(root, 'releases', '1.0'), { recursive: true });
    await writeFile(join(root, 'releases', '1.0', 'release.txt'), 'It ends at once.\n');
    await writeFile(join(root, 'surefoot.yaml'), configText(await freePort()));
    const times = { upMs: [] as number[], firstStepMs: [] as number[] };
    for (let index = 0; index <= repetitions; index += 1) {
      const sinceNs = process.hrtime.bigint();
      const passedMs = (): number => Number(process.hrtime.bigint() - sinceNs) / 1e6;
      const up = await surefoot(['up']);
      if (up.exitCode !== 0) throw new Error(up.stderr);
      const upMs = passedMs();
      const firstStep: { ms: number | null } = { ms: null };
      const deploy = await surefoot(['deploy', '--release', '1.0', '--json'], (line) => {
        if (line.kind === 'audit' && line.entry.body.kind === 'CommandIssued') {
          firstStep.ms ??= passedMs();
        }
      });
      if (firstStep.ms === null) throw new Error(`No step was taken: ${deploy.stderr}`);
      const down = await surefoot(['down', '--force']);
      if (down.exitCode !== 0) throw new Error(down.stderr);
      // The first one creates the data and is not warm.
      if (index === 0) continue;
      times.upMs.push(upMs);
      times.firstStepMs.push(firstStep.ms);
    }
    return times;
  } finally {
    await surefoot(['down', '--force']);
    await removePostgres(directory);
    await rm(root, { recursive: true, force: true });
  }
}

/** Its only release ends at once, so that every deployment is a first one and soon over. */
function configText(port: number): string {
  return `version: 1
system: bench
environments: { bench: {} }
services:
  web:
    release: { path: 'releases/{version}' }
    target: { driver: local, command: [node, --version], instances: 1, startTimeout: 5s, stopGrace: 1s }
    balancer: { driver: edge, listen: '127.0.0.1:${port}', requestTimeout: 1s }
    probes: [{ name: tcp, driver: tcp, timeout: 1s }]
    rollout: { strategy: canary, weights: [100], drain: 1s }
`;
}
