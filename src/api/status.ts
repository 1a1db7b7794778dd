/** What runs and what serves, read from the agents at this moment. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { outsideOf, type PlacesNow } from '../core/deployment/closure.ts';
import { serviceOf } from '../core/plan/service-of.ts';
import type { Engine } from '../engine/start-engine.ts';
import { gatherFacts } from '../engine/facts.ts';
import type { LatestOfScope } from '../store/deployment-store.ts';
import type { ServiceStatus, StatusAnswer } from './contract/answers.ts';
import { deploymentAnswer } from './deployment-answer.ts';
import { jsonAnswers } from './json-body.ts';

const statusRoute = createRoute({
  method: 'get',
  path: '/v1/status',
  summary: 'Services, their pools and traffic, and the last deployment of each',
  responses: jsonAnswers('The status'),
});

const AGENT_DEADLINE_MS = 2_000;
/** The samples of no second: only what is counted beside them. */
const NO_SECOND = Number.MAX_SAFE_INTEGER;

export function addStatusRoute(app: OpenAPIHono, engine: Engine, version: string): void {
  app.openapi(statusRoute, async (context) => {
    const [latest, now] = await Promise.all([
      engine.store.listLatestByScope(),
      engine.store.placesNow(null),
    ]);
    const answer: StatusAnswer = {
      version,
      driving: engine.lock.isHeld(),
      services: await Promise.all(latest.map((last) => serviceStatus(engine, last, now))),
      freezes: now.freezes,
    };
    return context.json(answer);
  });
}

async function serviceStatus(
  engine: Engine,
  { scope, deployment }: LatestOfScope,
  { atMs }: PlacesNow,
): Promise<ServiceStatus> {
  const { plan } = deployment;
  const service = serviceOf(plan, scope);
  const { target, balancer } = engine.connectDrivers(service);
  const signal = AbortSignal.timeout(AGENT_DEADLINE_MS);
  const [facts, pools, routing, traffic] = await Promise.all([
    gatherFacts(engine.store, service.scope),
    target.observe(service.scope, { signal }).catch(() => null),
    balancer.observe(service.scope, { signal }).catch(() => null),
    balancer.samples(service.scope, NO_SECOND, { signal }).catch(() => null),
  ]);
  const { stable } = facts;
  const outside = outsideOf(service.windows ?? [], atMs, null);
  return {
    environment: plan.environment,
    service: service.service,
    stable: stable && {
      version: stable.release.version,
      artifactDigest: stable.artifact.digest,
      configDigest: stable.release.configDigest,
    },
    listen: service.balancer.listen,
    last: deploymentAnswer(deployment),
    pools,
    routing,
    refused: traffic?.refused ?? null,
    ...(outside && { outside }),
  };
}
