/** The edge's verbs on its control socket; bodies and queries are checked before anything is done. */
import { z } from 'zod';
import type { Scope } from '../core/model/ids.ts';
import type { TrafficReport } from '../core/model/traffic-report.ts';
import type { ControlRoutes } from '../platform/control-server.ts';
import { parseRequest } from '../platform/parse-request.ts';
import { routingSchema, scopeSchema, tokenSchema } from '../platform/routing-schema.ts';
import { failureOf } from '../core/failures.ts';
import { OperationalError } from '../core/operational-error.ts';
import type { EdgeScope } from './edge-scope.ts';

const applySchema = z.strictObject({
  routing: routingSchema,
  token: tokenSchema,
  over: tokenSchema.optional(),
});
const renewSchema = z.strictObject({ scope: scopeSchema, token: tokenSchema });
const scopeQuery = z.strictObject({ scope: scopeSchema });
const samplesQuery = z.strictObject({
  scope: scopeSchema,
  fromSecond: z.coerce.number().int().min(0),
});

const NOTHING_ROUTED: TrafficReport = { sinceSecond: 0, samples: [] };

export interface EdgeScopes {
  get(scope: Scope): EdgeScope | undefined;
  /** Creates the scope on its first routing. */
  ensure(scope: Scope): EdgeScope;
  all(): readonly EdgeScope[];
}

export function controlVerbs(scopes: EdgeScopes): ControlRoutes {
  return {
    'GET /v1/routing': ({ query }) => {
      const { scope } = parseRequest(scopeQuery, Object.fromEntries(query));
      return scopes.get(scope)?.observe() ?? null;
    },
    'GET /v1/routings': () => scopes.all().flatMap((scope) => scope.observe() ?? []),
    'GET /v1/samples': ({ query }) => {
      const { scope, fromSecond } = parseRequest(samplesQuery, Object.fromEntries(query));
      return scopes.get(scope)?.report(fromSecond) ?? NOTHING_ROUTED;
    },
    'POST /v1/apply': ({ body }) => {
      const { routing, token, over } = parseRequest(applySchema, body);
      return scopes.ensure(routing.scope).apply(routing, token, over);
    },
    'POST /v1/renew': ({ body }) => {
      const { scope, token } = parseRequest(renewSchema, body);
      const known = scopes.get(scope);
      if (known === undefined) {
        throw new OperationalError(failureOf('lease-lost', `Nothing of ${scope} is routed here.`));
      }
      known.renew(token);
      return null;
    },
  };
}
