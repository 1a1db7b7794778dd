/** What instances wrote, from the pool of a deployment or of the release that serves. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { evidenceOfChecks } from '../core/explanation/evidence-of-checks.ts';
import { wasTouched } from '../core/explanation/outcome-sentence.ts';
import { scopeOf } from '../core/model/ids.ts';
import type { Plan, PlannedService } from '../core/plan/plan.ts';
import { operationalError } from '../core/operational-error.ts';
import { gatherFacts } from '../engine/facts.ts';
import type { Engine } from '../engine/start-engine.ts';
import type { DeploymentRecord } from '../store/deployment-store.ts';
import { deploymentIdSchema, deploymentNumberOf } from './deployment-parameter.ts';
import { ndjsonResponse } from './ndjson-response.ts';

const LINES_MAX = 10_000;

const logsRoute = createRoute({
  method: 'get',
  path: '/v1/logs',
  summary: 'Lines of a pool as NDJSON',
  request: {
    query: z.object({
      environment: z.string().optional(),
      service: z.string().optional(),
      deployment: deploymentIdSchema.optional(),
      tail: z.coerce.number().int().min(0).max(LINES_MAX).default(100),
      follow: z.stringbool().default(false),
    }),
  },
  responses: { 200: { description: 'One line of output a line' } },
});

export function addLogsRoute(app: OpenAPIHono, engine: Engine): void {
  app.openapi(logsRoute, async (context) => {
    const query = context.req.valid('query');
    const { service, pool, missing } = await chosenPool(engine, query);
    const { target } = engine.connectDrivers(service);
    const { signal: asked } = context.req.raw;
    // Once an answer has begun, it is too late to say why there are no lines.
    const pools = await target.observe(service.scope, { signal: asked });
    if (!pools.some((each) => each.pool === pool)) throw operationalError('not-found', missing);
    const { tail, follow } = query;
    return ndjsonResponse((signal) => target.logs({ pool, tail, follow }, { signal }));
  });
}

async function chosenPool(
  engine: Engine,
  query: {
    environment?: string | undefined;
    service?: string | undefined;
    deployment?: string | undefined;
  },
) {
  if (query.deployment !== undefined) {
    const record = await engine.store.findDeployment(deploymentNumberOf(query.deployment));
    if (!record) throw operationalError('not-found', `There is no deployment ${query.deployment}.`);
    const service = chosenService(record.plan, query.service);
    return { service, pool: service.candidate.pool, missing: missingIn(record, service) };
  }
  if (query.environment === undefined || query.service === undefined) {
    throw operationalError('request-invalid', 'Name a deployment, or environment and service.');
  }
  const facts = await gatherFacts(engine.store, scopeOf(query.environment, query.service));
  if (facts.stable && facts.promotedBy) {
    const missing = `The target knows nothing of what serves in ${query.environment}.`;
    return { service: facts.promotedBy.service, pool: facts.stable.pool, missing };
  }
  throw operationalError('not-found', `${query.service} has no release in ${query.environment}.`);
}

/** Why the target does not know what a deployment was to bring. */
function missingIn({ plan, state, status }: DeploymentRecord, service: PlannedService): string {
  const what = `${service.service} ${service.release.version}`;
  const { cause } = state;
  const evidence = cause && evidenceOfChecks(cause.failure);
  if (evidence) {
    return `Nothing of ${what} was started: its checks stopped ${plan.id}. What they left lies in ${evidence}`;
  }
  if (wasTouched(plan, { cause })) return `The target knows nothing of ${what} any more.`;
  return status === 'running'
    ? `Nothing of ${what} has been started yet.`
    : `Nothing of ${what} was started: ${plan.id} ended before.`;
}

function chosenService({ id, services }: Plan, wanted: string | undefined): PlannedService {
  const [first, ...others] = services;
  if (wanted === undefined && others.length === 0) return first;
  const found = services.find(({ service }) => service === wanted);
  if (found) return found;
  const names = services.map(({ service }) => service).join(', ');
  throw operationalError('request-invalid', `${id} is of ${names}; name one of them.`);
}
