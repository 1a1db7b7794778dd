/** Deployments: start, look, follow, abort, go back. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { scopeOf } from '../core/model/ids.ts';
import { scopesOf } from '../core/plan/scopes-of.ts';
import { operationalError } from '../core/operational-error.ts';
import { askDeployment } from '../engine/ask-deployment.ts';
import { planDeployment } from '../engine/plan-deployment.ts';
import { planRollback } from '../engine/plan-rollback.ts';
import { recordRefusal } from '../engine/record-refusal.ts';
import { startDeployment, startOnce } from '../engine/start-deployment.ts';
import type { Engine } from '../engine/start-engine.ts';
import { canonicalDigest } from '../platform/canonical-digest.ts';
import type { RequestMark } from '../store/admission-store.ts';
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
import { checkedWish } from './plans.ts';

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
    const { actor, reason, planDigest, requestKey: _key, override, ...wish } = request;
    const mark = markOf('deploy', request);
    const intent = { actor, reason, planDigest, override, request: mark };
    const scopes = request.services.map(({ service }) => scopeOf(request.environment, service));
    const asked = { request: 'deploy', scopes, actor, reason } as const;
    const started = await recordRefusal(engine, asked, () =>
      startOnce(engine, intent.request, async () => {
        const prepared = await planDeployment(engine, checkedWish(engine, wish));
        return startDeployment(engine, prepared, intent);
      }),
    );
    return context.json(deploymentAnswer(started.deployment), started.isNew ? 201 : 200);
  });
  app.openapi(rollbackRoute, async (context) => {
    const request = context.req.valid('json');
    const { actor, reason, planDigest, environment, service } = request;
    const intent = { actor, reason, planDigest, request: markOf('rollback', request) };
    const asked = {
      request: 'rollback',
      scopes: [scopeOf(environment, service)],
      actor,
      reason,
    } as const;
    const started = await recordRefusal(engine, asked, () =>
      startOnce(engine, intent.request, async () => {
        const prepared = await planRollback(engine.store, environment, service);
        return startDeployment(engine, prepared, intent);
      }),
    );
    return context.json(deploymentAnswer(started.deployment), started.isNew ? 201 : 200);
  });
  app.openapi(abortRoute, async (context) => {
    const { number, plan } = await existing(engine, context.req.valid('param').id);
    const intent = context.req.valid('json');
    const asked = { request: 'abort', scopes: scopesOf(plan), ...intent } as const;
    const { deployment } = await recordRefusal(engine, asked, () =>
      askDeployment(engine, number, { kind: 'abort', ...intent }),
    );
    return context.json(deploymentAnswer(deployment));
  });
  addLookRoutes(app, engine);
}

/** Whatever differs between two requests makes them two: only an exact repetition is one. */
function markOf(
  verb: 'deploy' | 'rollback',
  request: { readonly requestKey?: string | undefined },
): RequestMark | undefined {
  const { requestKey: key } = request;
  return key === undefined ? undefined : { key, digest: canonicalDigest({ verb, request }) };
}

function addLookRoutes(app: OpenAPIHono, engine: Engine): void {
  app.openapi(listRoute, async (context) => {
    const { limit, environment, service } = context.req.valid('query');
    const records = await engine.store.listDeployments({
      limit,
      ...(environment !== undefined && { environment }),
      ...(service !== undefined && { service }),
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
  const record = await engine.store.findDeployment(deploymentNumberOf(id));
  if (!record) throw operationalError('not-found', `There is no deployment ${id}.`);
  return record;
}
