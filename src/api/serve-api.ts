/** The HTTP API on the server's Unix socket, mode 0600: whoever may open it is the local operator. */
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { failureOf } from '../core/failures.ts';
import type { Engine } from '../engine/start-engine.ts';
import { listenPrivately, type PrivateListener } from '../platform/listen-privately.ts';
import type { Log } from '../platform/log.ts';
import { addBackupRoutes } from './backups.ts';
import { addDeploymentRoutes } from './deployments.ts';
import { addExplanationRoute } from './explanations.ts';
import { addFreezeRoutes } from './freezes.ts';
import { addLogsRoute } from './logs.ts';
import { addOperatorRoutes } from './operator-requests.ts';
import { addPlanRoutes } from './plans.ts';
import { failureOfError, problemResponse } from './problem.ts';
import { readBody } from './read-body.ts';
import { addStatusRoute } from './status.ts';
import { addTrafficRoute } from './traffic.ts';

const BODY_BYTES_MAX = 1024 * 1024;

export async function serveApi(options: {
  readonly engine: Engine;
  readonly socketPath: string;
  readonly version: string;
  readonly log: Log;
}): Promise<PrivateListener> {
  const answer = getRequestListener(buildApi(options).fetch);
  const server = createServer((request, response) => void answer(request, response));
  return listenPrivately(server, options.socketPath);
}

export function buildApi(options: {
  readonly engine: Engine;
  readonly version: string;
  readonly log: Log;
}): OpenAPIHono {
  const { engine, version, log } = options;
  const app = new OpenAPIHono({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const faults = result.error.issues.map(
        (issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`,
      );
      return problemResponse(context, failureOf('request-invalid', faults.join('; ')));
    },
  });
  app.use(
    bodyLimit({
      maxSize: BODY_BYTES_MAX,
      onError: (context) =>
        problemResponse(
          context,
          failureOf('request-too-large', `The body is larger than ${BODY_BYTES_MAX} bytes.`),
        ),
    }),
  );
  app.use(readBody);
  app.onError((error, context) => problemResponse(context, failureOfError(error, log)));
  app.notFound((context) =>
    problemResponse(
      context,
      failureOf('not-found', `There is no ${context.req.method} ${context.req.path}.`),
    ),
  );
  addStatusRoute(app, engine, version);
  addPlanRoutes(app, engine);
  addDeploymentRoutes(app, engine);
  addExplanationRoute(app, engine);
  addOperatorRoutes(app, engine);
  addFreezeRoutes(app, engine);
  addBackupRoutes(app, engine);
  addLogsRoute(app, engine);
  addTrafficRoute(app, engine);
  app.doc31('/v1/openapi.json', apiInfo(version));
  return app;
}

/** What the API's description begins with. */
export function apiInfo(version: string) {
  return { openapi: '3.1.0', info: { title: 'Surefoot', version } };
}
