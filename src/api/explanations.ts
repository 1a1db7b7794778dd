/** Why a deployment went as it did; also of one that runs, as far as it has come. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { AuditEntry } from '../core/audit/audit-entry.ts';
import { waitingOf } from '../core/deployment/waiting.ts';
import { explainDeployment } from '../core/explanation/explain-deployment.ts';
import { operationalError } from '../core/operational-error.ts';
import type { Engine } from '../engine/start-engine.ts';
import type { Store } from '../store/store.ts';
import { explanationSchema } from './contract/explanation-schema.ts';
import { deploymentNumberOf, deploymentParameter } from './deployment-parameter.ts';

const PAGE = 500;

const explanationRoute = createRoute({
  method: 'get',
  path: '/v1/deployments/{id}/explanation',
  summary: 'What was decided in a deployment, why, and on which figures',
  request: { params: deploymentParameter },
  responses: {
    200: {
      description: 'The explanation',
      content: { 'application/json': { schema: explanationSchema } },
    },
  },
});

export function addExplanationRoute(app: OpenAPIHono, engine: Engine): void {
  app.openapi(explanationRoute, async (context) => {
    const { id } = context.req.valid('param');
    const record = await engine.store.findDeployment(deploymentNumberOf(id));
    if (!record) throw operationalError('not-found', `There is no deployment ${id}.`);
    const entries = await allEntries(engine.store, record.number);
    const progress = engine.progress.lastOf(record.number);
    const atHand = progress?.look ? { step: progress.step, look: progress.look } : null;
    const { plan, state, status } = record;
    const waiting = status === 'running' ? waitingOf(plan, state) : null;
    return context.json(explainDeployment(plan, entries, atHand, waiting), 200);
  });
}

async function allEntries(store: Store, deployment: number): Promise<readonly AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for (;;) {
    const after = entries.at(-1)?.sequence ?? 0;
    const page = await store.readAudit({ deployment, after, limit: PAGE });
    entries.push(...page);
    if (page.length < PAGE) return entries;
  }
}
