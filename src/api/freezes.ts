/** Freezes: nothing is brought forward in a place until a time, or until somebody lifts it. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { placeName } from '../core/deployment/freeze.ts';
import { freezePlaces, liftFreezes } from '../engine/freeze-places.ts';
import { recordRefusal } from '../engine/record-refusal.ts';
import type { Engine } from '../engine/start-engine.ts';
import type { FreezesAnswer } from './contract/answers.ts';
import { freezeRequestSchema, unfreezeRequestSchema } from './contract/freeze-request.ts';
import { jsonAnswers, jsonBody } from './json-body.ts';

const freezeRoute = createRoute({
  method: 'post',
  path: '/v1/freezes',
  summary: 'Have nothing brought forward in environments or services',
  request: jsonBody(freezeRequestSchema),
  responses: jsonAnswers('The freezes that are in force now'),
});

const unfreezeRoute = createRoute({
  method: 'post',
  path: '/v1/freezes/lift',
  summary: 'Lift freezes',
  request: jsonBody(unfreezeRequestSchema),
  responses: jsonAnswers('The freezes that were lifted'),
});

const listRoute = createRoute({
  method: 'get',
  path: '/v1/freezes',
  summary: 'Freezes in force, oldest first',
  responses: jsonAnswers('Freezes'),
});

export function addFreezeRoutes(app: OpenAPIHono, engine: Engine): void {
  app.openapi(freezeRoute, async (context) => {
    const { places, until = null, ...intent } = context.req.valid('json');
    const wanted = places.map(({ environment, service = null }) => ({ environment, service }));
    const [first] = wanted;
    const asked = {
      request: 'freeze',
      scopes: first ? [placeName(first)] : [],
      ...intent,
    } as const;
    const freezes = await recordRefusal(engine, asked, () =>
      freezePlaces(engine, wanted, { ...intent, until }),
    );
    return context.json(freezes satisfies FreezesAnswer, 201);
  });
  app.openapi(unfreezeRoute, async (context) => {
    const { freezes, ...intent } = context.req.valid('json');
    const asked = { request: 'unfreeze', scopes: [], ...intent } as const;
    const lifted = await recordRefusal(engine, asked, () => liftFreezes(engine, freezes, intent));
    return context.json(lifted satisfies FreezesAnswer);
  });
  app.openapi(listRoute, async (context) => {
    const { freezes } = await engine.store.placesNow(null);
    return context.json(freezes satisfies FreezesAnswer);
  });
}
