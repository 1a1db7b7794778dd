/** What the balancer has counted of the stable release lately, for forecasts. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { scopeOf } from '../core/model/ids.ts';
import { secondOf } from '../core/model/second-of.ts';
import { measuredTraffic } from '../core/traffic-model/measured-traffic.ts';
import { gatherFacts } from '../engine/facts.ts';
import type { Engine } from '../engine/start-engine.ts';
import type { TrafficAnswer } from './contract/answers.ts';
import { jsonAnswers } from './json-body.ts';

const AGENT_DEADLINE_MS = 2_000;

const trafficRoute = createRoute({
  method: 'get',
  path: '/v1/traffic',
  summary: 'What the traffic of a service was like in the last quarter of an hour',
  request: { query: z.object({ environment: z.string(), service: z.string() }) },
  responses: jsonAnswers('The traffic, or null when there was too little to say'),
});

export function addTrafficRoute(app: OpenAPIHono, engine: Engine): void {
  app.openapi(trafficRoute, async (context) => {
    const { environment, service } = context.req.valid('query');
    return context.json((await lately(engine, environment, service)) satisfies TrafficAnswer);
  });
}

async function lately(
  engine: Engine,
  environment: string,
  service: string,
): Promise<TrafficAnswer> {
  const { stable, promotedBy } = await gatherFacts(engine.store, scopeOf(environment, service));
  if (!stable || !promotedBy) return null;
  const { balancer } = engine.connectDrivers(promotedBy.service);
  const nowSecond = secondOf(engine.clock.monotonicNs());
  const report = await balancer.samples(promotedBy.service.scope, 0, {
    signal: AbortSignal.timeout(AGENT_DEADLINE_MS),
  });
  return measuredTraffic(report, stable.pool, nowSecond);
}
