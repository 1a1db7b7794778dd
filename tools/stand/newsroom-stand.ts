/**
 * A place to deploy the newsroom in for real: its releases, its database, a configuration on a free
 * port and a Surefoot of its own, all in a temporary folder. Used by the demo, the benches and the
 * tests with real processes.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startTestDatabase } from '../../examples/newsroom/test-database.ts';
import type { DeploymentSummary } from '../../src/core/deployment/deployment-summary.ts';
import type { EventLine } from '../../src/api/contract/answers.ts';
import { keeperStatus } from '../../src/platform/keeper-status.ts';
import { stateDirectoryAt, type StateDirectory } from '../../src/platform/state-directory.ts';
import { removePostgres } from '../../src/platform/stop-postgres.ts';
import { freePort } from './free-port.ts';
import { runSurefoot, type SurefootResult } from './run-surefoot.ts';

const newsroom = new URL('../../examples/newsroom/', import.meta.url).pathname;

export interface RolloutFigures {
  /** The keys of the strategy, as the file has them. */
  readonly strategy: readonly string[];
  readonly lease: string;
  readonly holdFor: string;
  readonly minSamples: number;
  readonly drain: string;
  /** Time between two rounds of probes; two in a row must pass. */
  readonly probeEvery: string;
  /** The candidate's median must stay below it. */
  readonly latencyMax: string;
  /** What of the candidate is compared with the stable release, and after how many answers of each instance. */
  readonly compare: readonly ('errors' | 'latency')[];
  readonly warmUp: number;
  /** Failures after which the edge itself takes the traffic away. */
  readonly trip: {
    readonly connectErrors: number;
    readonly serverErrors: number;
    readonly timeouts: number;
  };
  /** Further lines of the rollout, as they stand in the file. */
  readonly more?: string;
  /** The checks before a deployment, as they stand in the file on one line. */
  readonly validation?: string;
  /** Further keys of the service, each on one line. */
  readonly service?: readonly string[];
}

export const standRollout: RolloutFigures = {
  strategy: ['strategy: canary', 'weights: [20, 50, 100]'],
  lease: '10s',
  holdFor: '2s',
  minSamples: 150,
  drain: '2500ms',
  probeEvery: '100ms',
  latencyMax: '100ms',
  compare: [],
  warmUp: 0,
  trip: { connectErrors: 3, serverErrors: 3, timeouts: 2 },
};

export interface NewsroomStand {
  readonly url: string;
  /** With surefoot.yaml. */
  readonly root: string;
  readonly databaseUrl: string;
  readonly directory: StateDirectory;
  surefoot(
    args: readonly string[],
    onLine?: (line: EventLine) => void,
    signal?: AbortSignal,
  ): Promise<SurefootResult>;
  /** Deploys and returns what the record says; throws when the deployment did not begin. */
  deploy(release: string, onLine?: (line: EventLine) => void): Promise<DeploymentSummary>;
  /** Pid of a process of this Surefoot: `server`, `edge`, `host`, `postgres` or `keeper`. */
  pidOf(process: string): Promise<number>;
  /** From the next deployment on. */
  configure(rollout: RolloutFigures): Promise<void>;
  close(): Promise<void>;
}

export async function openNewsroomStand(
  rollout: RolloutFigures = standRollout,
): Promise<NewsroomStand> {
  const root = await mkdtemp(join(tmpdir(), 'sf-'));
  const releases = join(root, 'releases');
  const database = await startTestDatabase();
  try {
    await promisify(execFile)(process.execPath, [
      join(newsroom, 'build-releases.mjs'),
      '--out',
      releases,
    ]);
    const port = await freePort();
    await writeFile(join(root, 'surefoot.yaml'), configText(port, rollout));
    return standIn(root, port, database);
  } catch (error) {
    await database.stop();
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

function standIn(
  root: string,
  port: number,
  database: Awaited<ReturnType<typeof startTestDatabase>>,
): NewsroomStand {
  const directory = stateDirectoryAt(join(root, 's'));
  const env = { NEWSROOM_DATABASE_URL: database.url, SUREFOOT_STATE_DIR: directory.root };
  const surefoot: NewsroomStand['surefoot'] = (args, onLine, signal) =>
    runSurefoot({ args, cwd: root, env, ...(onLine && { onLine }), ...(signal && { signal }) });
  return {
    url: `http://127.0.0.1:${port}`,
    root,
    databaseUrl: database.url,
    directory,
    surefoot,
    async deploy(release, onLine) {
      const summaries: DeploymentSummary[] = [];
      const result = await surefoot(['deploy', '--release', release, '--json'], (line) => {
        if (line.kind === 'audit' && line.entry.body.kind === 'DeploymentEnded') {
          summaries.push(line.entry.body.summary);
        }
        onLine?.(line);
      });
      const [summary] = summaries;
      if (summary) return summary;
      throw new Error(`${release} was not deployed: ${result.stderr || result.stdout}`);
    },
    configure: (rollout) => writeFile(join(root, 'surefoot.yaml'), configText(port, rollout)),
    async pidOf(name) {
      const status = await keeperStatus(directory);
      const pid =
        name === 'keeper'
          ? status?.pid
          : name === 'postgres'
            ? status?.postgres?.pid
            : status?.roles.find((role) => role.name === name)?.pid;
      if (!pid) throw new Error(`${name} does not run`);
      return pid;
    },
    async close() {
      await surefoot(['down', '--force']);
      // Below root's private folders it lies elsewhere.
      await removePostgres(directory);
      await database.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function configText(port: number, rollout: RolloutFigures): string {
  return `version: 1
system: newsroom
environments: { production: {} }
services:
  newsroom:
    release: { path: 'releases/{version}' }
    target:
      driver: local
      command: [node, server.mjs]
      instances: 2
      env: { DATABASE_URL: '\${NEWSROOM_DATABASE_URL}' }
      startTimeout: 20s
      stopGrace: 12s
    balancer: { driver: edge, listen: '127.0.0.1:${port}', requestTimeout: 4s }
    probes:
      - name: health
        driver: http
        path: /health
        expect: { json: { version: '{release.version}', database: true } }
        timeout: 2s
      - { name: front-page, driver: http, path: /, expect: { status: 200 }, timeout: 2s }
    rollout:
      ${rollout.strategy.join('\n      ')}
      lease: ${rollout.lease}
      probing: { consecutive: 2, interval: ${rollout.probeEvery}, deadline: 20s }
      gate:
        holdFor: ${rollout.holdFor}
        deadline: 40s
        minSamples: ${rollout.minSamples}
        errorRate: 0%
        compare: [${rollout.compare.join(', ')}]
        warmUp: ${rollout.warmUp}
        # The median: the load client and eight processes share the machine, and its tail is theirs.
        latency: { quantile: p50, max: ${rollout.latencyMax} }
      trip: ${JSON.stringify(rollout.trip)}
      drain: ${rollout.drain}
${rollout.more === undefined ? '' : `      ${rollout.more}\n`}${rollout.validation === undefined ? '' : `    validation: ${rollout.validation}\n`}${(rollout.service ?? []).map((line) => `    ${line}\n`).join('')}`;
}
