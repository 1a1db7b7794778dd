/** What people ask of a running deployment: each request is answered by whoever drives it. */
import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import type { NewOperatorRequest } from '../core/deployment/operator-request.ts';
import { scopesOf } from '../core/plan/scopes-of.ts';
import { operationalError } from '../core/operational-error.ts';
import { askDeployment } from '../engine/ask-deployment.ts';
import { recordRefusal } from '../engine/record-refusal.ts';
import type { Engine } from '../engine/start-engine.ts';
import type { RequestAnswer } from './contract/answers.ts';
import {
  approveRequestSchema,
  askRequestSchema,
  pauseRequestSchema,
  resumeRequestSchema,
} from './contract/operator-request.ts';
import { deploymentAnswer } from './deployment-answer.ts';
import { deploymentEvents } from './deployment-events.ts';
import { deploymentNumberOf, deploymentParameter } from './deployment-parameter.ts';
import { jsonAnswers, jsonBody } from './json-body.ts';

/** A step that acts is brought to its end first; who asks need not wait for that. */
const ANSWER_WITHIN_MS = 3_000;

function askRoute<Body extends z.ZodType>(verb: string, summary: string, body: Body) {
  return createRoute({
    method: 'post',
    path: `/v1/deployments/{id}/${verb}`,
    summary,
    request: { params: deploymentParameter, ...jsonBody(body) },
    responses: jsonAnswers('What became of the request'),
  });
}

const pauseRoute = askRoute(
  'pause',
  'Begin no further step until somebody resumes, or for a time',
  pauseRequestSchema,
);

const resumeRoute = askRoute(
  'resume',
  'End a pause, or go on although the place is frozen',
  resumeRequestSchema,
);

const promoteRoute = askRoute(
  'promote',
  'End a pause, and the time that the weight in force is held, as soon as its gate passes',
  askRequestSchema,
);

const approveRoute = askRoute(
  'approve',
  'Approve of the plan with this digest, at the gate that waits for it',
  approveRequestSchema,
);

export function addOperatorRoutes(app: OpenAPIHono, engine: Engine): void {
  app.openapi(pauseRoute, async (context) => {
    const { forMs = null, ...intent } = context.req.valid('json');
    const { id } = context.req.valid('param');
    return context.json(await answered(engine, id, { kind: 'pause', forMs, ...intent }));
  });
  app.openapi(resumeRoute, async (context) => {
    const { id } = context.req.valid('param');
    const { override = false, ...intent } = context.req.valid('json');
    return context.json(await answered(engine, id, { kind: 'resume', override, ...intent }));
  });
  app.openapi(promoteRoute, async (context) => {
    const { id } = context.req.valid('param');
    return context.json(
      await answered(engine, id, { kind: 'promote', ...context.req.valid('json') }),
    );
  });
  app.openapi(approveRoute, async (context) => {
    const { id } = context.req.valid('param');
    return context.json(
      await answered(engine, id, { kind: 'approve', ...context.req.valid('json') }),
    );
  });
}

async function answered(
  engine: Engine,
  id: string,
  request: NewOperatorRequest,
): Promise<RequestAnswer> {
  const number = deploymentNumberOf(id);
  const { kind, actor, reason } = request;
  const found = await engine.store.findDeployment(number);
  const scopes = found ? scopesOf(found.plan) : [];
  const asked = await recordRefusal(engine, { request: kind, scopes, actor, reason }, () =>
    askDeployment(engine, number, request),
  );
  const answer = await answerTo(engine, number, asked.request);
  const deployment = (await engine.store.findDeployment(number)) ?? asked.deployment;
  return { ...answer, deployment: deploymentAnswer(deployment) };
}

type Answer = Omit<RequestAnswer, 'deployment'>;

/** What the audit log says of the request; `recorded` when that takes longer than anybody waits. */
async function answerTo(engine: Engine, deployment: number, request: number): Promise<Answer> {
  const { signal } = engine.clock.deadline(ANSWER_WITHIN_MS);
  for await (const line of deploymentEvents(engine, deployment, 0, signal)) {
    if (line.kind !== 'audit') continue;
    const { body } = line.entry;
    if (!('request' in body) || body.request !== request) continue;
    switch (body.kind) {
      case 'RequestDeclined':
        throw operationalError('request-declined', `Not done for d${deployment}: ${body.because}`);
      case 'RequestIdle':
        return { outcome: 'idle', because: body.because };
      case 'DeploymentPaused':
      case 'DeploymentResumed':
      case 'FreezeOverridden':
      case 'HoldWaived':
      case 'ApprovalGiven':
        return { outcome: 'done', because: null };
      case 'OperatorAsked':
    }
  }
  return { outcome: 'recorded', because: null };
}
