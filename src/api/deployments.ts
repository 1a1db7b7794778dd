/** Deployments: start, look, follow, abort, go back. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { scopeOf } from '../core/model/ids.ts';
import { operationalError } from '../core/operational-error.ts';
import { planDeployment, planRollback } from '../engine/plan-deployment.ts';
import { requestAbort, startDeployment } from '../engine/start-deployment.ts';
import type { Engine } from '../engine/start-engine.ts';
import { findDeployment, findRequested, listDeployments } from '../store/deployment-store.ts';
import type { DeploymentDetailAnswer } from './contract/answers.ts';
import {
  abortRequestSchema,
  deployRequestSchema,
  rollbackRequestSchema,
} from './contract/deploy-request.ts';
import { deploymentAnswer } from './deployment-answer.ts';
import { deploymentEvents } from './deployment-events.ts';
import { deploymentNumberOf, deploymentParameter } from './deployment-parameter.ts';
import { jsonAnswers, jsonBody } from './json-body.ts';
import { ndjsonResponse } from './ndjson-response.ts';
import { wishOf } from './plans.ts';

const deployRoute = createRoute({
  method: 'post',
  path: '/v1/deployments',
  summary: 'Deploy a release',
  request: jsonBody(deployRequestSchema),
  responses: jsonAnswers('The deployment that was started, or that the request key started before'),
});

const rollbackRoute = createRoute({
  method: 'post',
  path: '/v1/rollbacks',
  summary: 'Return to the release before, or end what a held deployment left open',
  request: jsonBody(rollbackRequestSchema),
  responses: jsonAnswers('The deployment that was started'),
});

const listRoute = createRoute({
  method: 'get',
  path: '/v1/deployments',
  summary: 'Deployments, newest first',
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(1_000).default(20),
      environment: z.string().optional(),
      service: z.string().optional(),
    }),
  },
  responses: jsonAnswers('Deployments'),
});

const detailRoute = createRoute({
  method: 'get',
  path: '/v1/deployments/{id}',
  summary: 'One deployment with its plan',
  request: { params: deploymentParameter },
  responses: jsonAnswers('The deployment'),
});

const eventsRoute = createRoute({
  method: 'get',
  path: '/v1/deployments/{id}/events',
  summary: 'Audit entries of a deployment as NDJSON, live until its end',
  request: {
    params: deploymentParameter,
    query: z.object({ after: z.coerce.number().int().min(0).default(0) }),
  },
  responses: { 200: { description: 'One event a line' } },
});

const abortRoute = createRoute({
  method: 'post',
  path: '/v1/deployments/{id}/abort',
  summary: 'Have a running deployment reverted',
  request: { params: deploymentParameter, ...jsonBody(abortRequestSchema) },
  responses: jsonAnswers('The deployment'),
});

export function addDeploymentRoutes(app: OpenAPIHono, engine: Engine): void {
  app.openapi(deployRoute, async (context) => {
    const request = context.req.valid('json');
    const { actor: _actor, reason: _reason, planDigest: _digest, requestKey, ...wish } = request;
    // A repeated request must find its deployment even though the world has moved since.
    const prepared = await planDeployment(engine.database, wishOf(wish)).catch(
      async (error: unknown) => {
        const repeated = requestKey && (await findRequested(engine.database, requestKey));
        if (repeated) return { repeated };
        throw error;
      },
    );
    if ('repeated' in prepared) return context.json(deploymentAnswer(prepared.repeated));
    const started = await startDeployment(engine, prepared, request);
    return context.json(deploymentAnswer(started.deployment), started.isNew ? 201 : 200);
  });
  app.openapi(rollbackRoute, async (context) => {
    const request = context.req.valid('json');
    const plan = await planRollback(engine.database, request.environment, request.service);
    const started = await startDeployment(engine, plan, request);
    return context.json(deploymentAnswer(started.deployment), started.isNew ? 201 : 200);
  });
  app.openapi(abortRoute, async (context) => {
    const number = deploymentNumberOf(context.req.valid('param').id);
    const record = await requestAbort(engine, number, context.req.valid('json'));
    return context.json(deploymentAnswer(record));
  });
  addLookRoutes(app, engine);
}

function addLookRoutes(app: OpenAPIHono, engine: Engine): void {
  app.openapi(listRoute, async (context) => {
    const { limit, environment, service } = context.req.valid('query');
    const records = await listDeployments(engine.database, {
      limit,
      ...(environment !== undefined &&
        service !== undefined && { scope: scopeOf(environment, service) }),
    });
    return context.json(records.map(deploymentAnswer));
  });
  app.openapi(detailRoute, async (context) => {
    const record = await existing(engine, context.req.valid('param').id);
    const detail: DeploymentDetailAnswer = { ...deploymentAnswer(record), plan: record.plan };
    return context.json(detail);
  });
  app.openapi(eventsRoute, async (context) => {
    const { number } = await existing(engine, context.req.valid('param').id);
    const { after } = context.req.valid('query');
    return ndjsonResponse((signal) => deploymentEvents(engine, number, after, signal));
  });
}

async function existing(engine: Engine, id: string) {
  const record = await findDeployment(engine.database, deploymentNumberOf(id));
  if (!record) throw operationalError('not-found', `There is no deployment ${id}.`);
  return record;
}
