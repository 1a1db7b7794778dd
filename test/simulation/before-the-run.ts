/** The world as a run finds it: 1.0 serves, brought in by deployment 1, and deployment 2 is admitted. */
import { packedConfig } from '../../src/engine/backup/pack-config.ts';
import { packedSecrets } from '../../src/engine/migration/database-secrets.ts';
import { initialState } from '../../src/core/deployment/deployment-state.ts';
import { scopeOf } from '../../src/core/model/ids.ts';
import type { Plan, PlannedService } from '../../src/core/plan/plan.ts';
import type { NewDeployment } from '../../src/store/admission-store.ts';
import type { DeploymentEnd } from '../../src/store/deployment-store.ts';
import { aSummary } from '../support/store/deployment-request.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { LIVE } from './simulated-data.ts';
import type { SimulatedSurroundings } from './simulated-surroundings.ts';
import type { VirtualTime } from './virtual-time.ts';

export async function serveStable(
  { services }: Plan,
  surroundings: SimulatedSurroundings,
): Promise<void> {
  for (const service of services) await serveOne(service, surroundings);
}

async function serveOne(
  service: PlannedService,
  { target, routing }: SimulatedSurroundings,
): Promise<void> {
  const { stable } = service;
  if (!stable) return;
  const token = { deployment: 1, sequence: 1 };
  const context = { token, signal: new AbortController().signal };
  const { stopGraceMs: _grace, ...spec } = stable;
  const { instances } = await target.ensure({ ...spec, environment: {} }, context);
  const endpoints = instances.map(({ id, host, port }) => ({ instance: id, host, port }));
  const { version } = stable.release;
  routing.apply(
    {
      scope: service.scope,
      listen: service.balancer.listen,
      requestTimeoutMs: service.requestTimeoutBeforeMs ?? service.balancer.requestTimeoutMs,
      stable: stable.pool,
      lease: null,
      pools: [{ pool: stable.pool, version, weight: 100, endpoints }],
    },
    token,
  );
}

/** What `surefoot deploy` asks for; the same again is a double click. */
export function deployRequest(plan: Plan): NewDeployment {
  return {
    plan,
    planDigest: 'sha256:plan',
    state: initialState,
    environments: Object.fromEntries(plan.services.flatMap(environmentsOf)),
    actor: 'local:ada',
    reason: '',
    request: { key: `deployment ${plan.deployment}`, digest: 'sha256:request' },
    audit: [],
  };
}

/** By digest. */
function environmentsOf({ release, backups = [], database }: PlannedService): readonly Packed[] {
  const secrets = packedSecrets({ url: LIVE, migration: {}, env: {} });
  return [
    [release.configDigest, {}],
    ...backups.map(({ configDigest }): Packed => [configDigest, packedConfig({})]),
    ...(database ? [[database.configDigest, secrets] satisfies Packed] : []),
  ];
}

type Packed = readonly [string, Readonly<Record<string, string>>];

export function admitSimulated(plan: Plan, time: VirtualTime): MemoryStore {
  const store = createMemoryStore({ wallMs: () => time.nowMs() });
  store.admitDeployment(deployRequest(planBefore(plan)));
  store.endDeployment({ ...ENDED, deployment: 1 });
  store.admitDeployment(deployRequest(plan));
  return store;
}

/** Of the deployment before only its number matters, and that its release is known; of another service when nothing serves. */
function planBefore(plan: Plan): Plan {
  const before = (service: PlannedService): PlannedService => {
    const { stable, release } = service;
    return stable
      ? { ...service, release: { ...release, configDigest: stable.release.configDigest } }
      : { ...service, scope: scopeOf(plan.environment, 'other') };
  };
  const [first, ...others] = plan.services;
  return { ...plan, deployment: 1, services: [before(first), ...others.map(before)] };
}

const ENDED: Omit<DeploymentEnd, 'deployment'> = {
  status: 'promoted',
  state: { ...initialState, mode: 'ended', outcome: { kind: 'promoted' } },
  summary: aSummary(),
  audit: [],
  refusalOf: () => {
    throw new Error('Nobody asked anything of it.');
  },
};
