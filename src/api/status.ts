/** What runs and what serves, read from the agents at this moment. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Engine } from '../engine/start-engine.ts';
import { gatherFacts } from '../engine/facts.ts';
import type { DeploymentRecord } from '../store/deployment-store.ts';
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
    const [latest, freezes] = await Promise.all([
      engine.store.listLatestByScope(),
      engine.store.freezesInForce(null),
    ]);
    const answer: StatusAnswer = {
      version,
      driving: engine.lock.isHeld(),
      services: await Promise.all(latest.map((record) => serviceStatus(engine, record))),
      freezes,
    };
    return context.json(answer);
  });
}

async function serviceStatus(engine: Engine, last: DeploymentRecord): Promise<ServiceStatus> {
  const { plan } = last;
  const { target, balancer } = engine.connectDrivers(plan);
  const signal = AbortSignal.timeout(AGENT_DEADLINE_MS);
  const [facts, pools, routing, traffic] = await Promise.all([
    gatherFacts(engine.store, plan.scope),
    target.observe(plan.scope, { signal }).catch(() => null),
    balancer.observe(plan.scope, { signal }).catch(() => null),
    balancer.samples(plan.scope, NO_SECOND, { signal }).catch(() => null),
  ]);
  const { stable } = facts;
  return {
    environment: plan.environment,
    service: plan.service,
    stable: stable && {
      version: stable.release.version,
      artifactDigest: stable.artifact.digest,
      configDigest: stable.release.configDigest,
    },
    listen: plan.balancer.listen,
    last: deploymentAnswer(last),
    pools,
    routing,
    refused: traffic?.refused ?? null,
  };
}
