/**
 * How long a server takes from the start of its process until it carries out the first step of a
 * deployment that was waiting for it. PostgreSQL, edge and host run, as after a crash of the server.
 */
import { unaskedWork } from '../../../test/support/engine/unasked-work.ts';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { initialState } from '../../../src/core/deployment/deployment-state.ts';
import { claimInstallation } from '../../../src/engine/claim-installation.ts';
import { planDeployment } from '../../../src/engine/plan-deployment.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { AUDIT_CHANNEL, readAudit } from '../../../src/store/audit-store.ts';
import { openDatabase, type Database } from '../../../src/store/database.ts';
import { admitDeployment } from '../../../src/store/admission-store.ts';
import { findDeployment } from '../../../src/store/deployment-store.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { postgresStore } from '../../../src/store/postgres-store.ts';
import type { BenchPlace } from '../bench-place.ts';
import { benchWish } from '../bench-wish.ts';

const END_POLL_MS = 20;
const ENTRIES_MAX = 100;

/** In ms, one for each start. */
export async function measureStarts(
  place: BenchPlace,
  repetitions: number,
): Promise<readonly number[]> {
  const opened = openDatabase(place.connectionString);
  const { database } = opened;
  const listener = new pg.Client({ connectionString: place.connectionString });
  await listener.connect();
  try {
    await migrate(database);
    await claimInstallation(database, place.directory.root);
    await listener.query(`listen ${AUDIT_CHANNEL}`);
    place.spawnRole('edge');
    place.spawnRole('host');
    await place.untilAnswers('edge');
    await place.untilAnswers('host');
    const times: number[] = [];
    // The first start prepares the durable engine's own tables and is not warm.
    for (let index = 0; index <= repetitions; index += 1) {
      const ms = await startOnce(place, database, listener);
      if (index > 0) times.push(ms);
    }
    return times;
  } finally {
    await listener.end();
    await opened.close();
  }
}

async function startOnce(
  place: BenchPlace,
  database: Database,
  listener: pg.Client,
): Promise<number> {
  const deployment = await admitWaiting(database);
  const issued = firstStepOf(database, listener, deployment);
  const sinceNs = process.hrtime.bigint();
  const server = place.spawnRole('server');
  const atNs = await Promise.race([issued, neverEnds(server)]);
  // It ends by itself, reverted: there is no such artifact.
  while ((await findDeployment(database, deployment))?.status === 'running') {
    await systemClock.sleep(END_POLL_MS);
  }
  await place.endRole(server);
  return Number(atNs - sinceNs) / 1e6;
}

async function neverEnds(server: ChildProcess): Promise<never> {
  await once(server, 'exit');
  throw new Error('The server ended before its first step.');
}

/** Admitted, but begun by nobody: as if the server had died in that moment. */
async function admitWaiting(database: Database): Promise<number> {
  const wish = benchWish({
    version: '1.0',
    pool: { command: ['node'], instances: 1, startTimeoutMs: 1_000, stopGraceMs: 1_000 },
    target: { driver: 'local', config: {} },
    balancer: {
      driver: 'edge',
      config: {},
      listen: { host: '127.0.0.1', port: 1 },
      requestTimeoutMs: 1,
    },
    probes: [{ name: 'tcp', driver: 'tcp', config: { timeout: 1_000 } }],
  });
  const { plan, digest, environments } = await planDeployment(
    { store: postgresStore(database), work: unaskedWork },
    wish,
  );
  const admission = await admitDeployment(database, {
    plan,
    planDigest: digest,
    state: initialState,
    environments,
    actor: 'bench',
    reason: '',
    request: null,
    audit: [],
  });
  if (admission.kind !== 'admitted') throw new Error(`not admitted: ${admission.kind}`);
  return plan.deployment;
}

/** When its first command was on record, which is before it is carried out. */
function firstStepOf(database: Database, listener: pg.Client, deployment: number): Promise<bigint> {
  const { promise, resolve, reject } = Promise.withResolvers<bigint>();
  const look = (): void => {
    const atNs = process.hrtime.bigint();
    readAudit(database, { deployment, after: 0, limit: ENTRIES_MAX }).then((entries) => {
      if (!entries.some(({ body }) => body.kind === 'CommandIssued')) return;
      listener.off('notification', look);
      resolve(atNs);
    }, reject);
  };
  listener.on('notification', look);
  return promise;
}
