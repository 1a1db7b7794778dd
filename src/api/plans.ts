/** Plans of deployments and rollbacks: what would happen, without doing anything. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { PlannedBackup } from '../core/backup/planned-backup.ts';
import { closureFailure, closureOf } from '../core/deployment/closure.ts';
import { windowsForecast } from '../core/deployment/windows-forecast.ts';
import { mapNonEmpty } from '../core/map-non-empty.ts';
import { scopesOf } from '../core/plan/scopes-of.ts';
import type { Engine } from '../engine/start-engine.ts';
import {
  planDeployment,
  rolloutPolicyOf,
  type DeploymentWish,
  type Environments,
  type ServiceWish,
} from '../engine/plan-deployment.ts';
import { planRollback } from '../engine/plan-rollback.ts';
import { refuseIncapable } from '../engine/refuse-incapable.ts';
import { PREVIEW } from '../config/preview-schema.ts';
import { packedBackup } from '../engine/backup/pack-config.ts';
import { packedSecrets } from '../engine/migration/database-secrets.ts';
import { packedEnvironments } from '../engine/validation/pack-environments.ts';
import { canonicalDigest } from '../platform/canonical-digest.ts';
import type { PlanAnswer } from './contract/answers.ts';
import {
  planRequestSchema,
  rollbackRequestSchema,
  type PlanRequest,
  type ServiceRequest,
} from './contract/deploy-request.ts';
import { jsonAnswers, jsonBody } from './json-body.ts';
import { plannedPreview } from './planned-preview.ts';

const planRoute = createRoute({
  method: 'post',
  path: '/v1/plans',
  summary: 'Plan a deployment without carrying it out',
  request: jsonBody(planRequestSchema),
  responses: jsonAnswers('The plan and its digest'),
});

const rollbackPlanRoute = createRoute({
  method: 'post',
  path: '/v1/rollbacks/plan',
  summary: 'Plan the way back to the release before',
  request: jsonBody(rollbackRequestSchema),
  responses: jsonAnswers('The plan and its digest'),
});

export function addPlanRoutes(app: OpenAPIHono, engine: Engine): void {
  app.openapi(planRoute, async (context) => {
    const wish = checkedWish(engine, context.req.valid('json'));
    const { plan, digest } = await planDeployment(engine, wish);
    const now = await engine.store.placesNow(scopesOf(plan));
    const closure = closureOf(plan, now, null);
    const refusal = closure && closureFailure(closure);
    const windows = windowsForecast(plan, now.atMs);
    return context.json({ plan, digest, refusal, windows } satisfies PlanAnswer);
  });
  app.openapi(rollbackPlanRoute, async (context) => {
    const { environment, service } = context.req.valid('json');
    const { plan, digest } = await planRollback(engine.store, environment, service);
    return context.json({ plan, digest, refusal: null } satisfies PlanAnswer);
  });
}

/** Refuses drivers that this Surefoot does not have, or that cannot do enough, before it plans. */
export function checkedWish(engine: Engine, request: PlanRequest): DeploymentWish {
  const wish = wishOf(request);
  for (const service of wish.services) refuseIncapable(service, engine.connectDrivers(service));
  return wish;
}

function wishOf({ services, ...asked }: PlanRequest): DeploymentWish {
  return { ...asked, services: mapNonEmpty(services, serviceWish) };
}

/** Secrets stay out of the plan: the instances' environment travels beside it. */
function serviceWish(request: ServiceRequest): ServiceWish {
  const { command, env, instances, startTimeout, stopGrace, ...targetConfig } =
    request.target.config;
  const { listen, requestTimeout, limits } = request.balancer.config;
  const { version, artifactPath, artifactDigest, configDigest } = request.release;
  const backups = request.backups && backupsWish(request.backups);
  const validation =
    request.validation &&
    validationWish(request.validation, { environment: env, backups: backups?.wish.backups ?? [] });
  const database = request.database && databaseWish(request.database);
  return {
    service: request.service,
    release: { version, artifactDigest, configDigest },
    artifactPath,
    pool: { command, instances, startTimeoutMs: startTimeout, stopGraceMs: stopGrace },
    target: { driver: request.target.driver, config: targetConfig },
    balancer: {
      ...request.balancer,
      listen,
      requestTimeoutMs: requestTimeout,
      ...(limits && { limits }),
    },
    probes: request.probes,
    rollout: rolloutPolicyOf(request.rollout),
    ...(request.windows && { windows: request.windows }),
    ...validation?.wish,
    ...backups?.wish,
    ...database?.wish,
    environments: {
      [configDigest]: env,
      ...validation?.environments,
      ...backups?.environments,
      ...database?.environments,
    },
  };
}

/** A part of a wish, and what belongs to it but not into the plan. */
interface WishedPart<Key extends keyof ServiceWish> {
  readonly wish: Required<Pick<ServiceWish, Key>>;
  readonly environments: Environments;
}

function databaseWish({
  url,
  migrations,
  ...database
}: NonNullable<ServiceRequest['database']>): WishedPart<'database'> {
  const { config = null, env = {}, ...asked } = migrations ?? {};
  const packed = packedSecrets({ url, migration: config, env });
  const configDigest = canonicalDigest(packed);
  return {
    wish: {
      database: {
        ...{ ...database, configDigest },
        migrations: migrations && (asked as Omit<typeof migrations, 'config' | 'env'>),
      },
    },
    environments: { [configDigest]: packed },
  };
}

function backupsWish(backups: NonNullable<ServiceRequest['backups']>): WishedPart<'backups'> {
  const packed = backups.map(({ config, store, probe, ...backup }) => {
    const environment = packedBackup({ config, store, probe });
    return { backup: { ...backup, configDigest: canonicalDigest(environment) }, environment };
  });
  return {
    wish: { backups: packed.map(({ backup }) => backup) },
    environments: Object.fromEntries(
      packed.map(({ backup, environment }) => [backup.configDigest, environment]),
    ),
  };
}

/** Its tools' environment travels beside the plan in the same way. */
function validationWish(
  request: NonNullable<ServiceRequest['validation']>,
  {
    environment,
    backups,
  }: {
    /** That of the instances. */
    readonly environment: Readonly<Record<string, string>>;
    readonly backups: readonly PlannedBackup[];
  },
): WishedPart<'validation'> {
  const { secretValues, checks, preview, ...validation } = request;
  const environments = Object.fromEntries(checks.map(({ name, env }) => [name, env]));
  if (preview) environments[PREVIEW] = { ...environment, ...preview.env };
  const packed = packedEnvironments({ environments, secretValues });
  const environmentDigest = canonicalDigest(packed);
  return {
    wish: {
      validation: {
        ...validation,
        ...(preview && { preview: plannedPreview(preview, backups) }),
        checks: checks.map(withoutEnvironment),
        environmentDigest,
      },
    },
    environments: { [environmentDigest]: packed },
  };
}

function withoutEnvironment<Of extends { readonly env: unknown }>({
  env: _kept,
  ...of
}: Of): Omit<Of, 'env'> {
  return of;
}
