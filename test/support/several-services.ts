import type { ServiceInput } from '../../src/core/plan/compile-plan.ts';
import { aServiceInput, aStablePool } from './plan-builder.ts';
import { poolIdOf, scopeOf } from '../../src/core/model/ids.ts';

/** 2.0 of `api` and of `web`, which depends on it, over 1.0 of both. */
export function anApiBeforeWeb(
  changes: Partial<ServiceInput> = {},
): readonly [ServiceInput, ServiceInput] {
  const web = aServiceInput(changes);
  const scope = scopeOf('production', 'api');
  const balancer = { ...web.balancer, listen: { host: '127.0.0.1', port: 8081 } };
  const pool = poolIdOf('production', 'api', 1);
  const api = {
    ...web,
    ...{ service: 'api', balancer },
    stable: web.stable && aStablePool({ ...web.stable, scope, pool }),
    inForce: web.inForce && { ...web.inForce, balancer },
  };
  return [api, web];
}
