/** Backups: what a person has put in the place of what is live, for the audit log. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { scopeOf } from '../core/model/ids.ts';
import type { Engine } from '../engine/start-engine.ts';
import { backupSwitchedSchema } from './contract/backup-request.ts';
import { jsonAnswers, jsonBody } from './json-body.ts';

const switchedRoute = createRoute({
  method: 'post',
  path: '/v1/backups/switched',
  summary: 'Record that a backup was put in the place of what is live, or taken back',
  request: jsonBody(backupSwitchedSchema),
  responses: jsonAnswers('What is recorded'),
});

export function addBackupRoutes(app: OpenAPIHono, engine: Engine): void {
  app.openapi(switchedRoute, async (context) => {
    const { actor, environment, service, ...said } = context.req.valid('json');
    const body = { kind: 'BackupSwitched', ...said } as const;
    const scope = scopeOf(environment, service);
    await engine.store.appendAudit([{ scope, deployment: null, actor, key: null, body }]);
    return context.json(body, 201);
  });
}
