/** The embedded balancer: speaks the edge process's verbs on its control socket. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { operationalError } from '../../../core/operational-error.ts';
import { durationSchema } from '../../../core/model/duration.ts';
import { callControl, type ControlCall } from '../../../platform/control-client.ts';
import { routingObservationSchema, trafficReportSchema } from '../../../platform/routing-schema.ts';
import { stateDirectoryAt } from '../../../platform/state-directory.ts';
import type { Balancer, Driver } from '../../contract.ts';
import { limitsSchema } from './limits-schema.ts';

const listenSchema = z
  .string({ error: 'write the address as "host:port", for example "127.0.0.1:8080"' })
  .transform((text, context) => {
    const listen = listenOf(text);
    if (typeof listen !== 'string') return listen;
    context.addIssue({ code: 'custom', message: `"${text}" ${listen}` });
    return z.NEVER;
  });

const configSchema = z.strictObject({
  listen: listenSchema.describe('Where clients connect: `host:port`, the host an IP or localhost.'),
  requestTimeout: durationSchema
    .prefault('30s')
    .describe('How long a request may wait for a response head, for example `30s`.'),
  limits: limitsSchema
    .prefault({})
    .describe('How large requests may be, and how long they may take.'),
});

export type EdgeBalancerConfig = z.output<typeof configSchema>;

export const edgeBalancer: Driver<'balancer', EdgeBalancerConfig> = {
  kind: 'balancer',
  id: 'edge',
  summary: 'The embedded HTTP/1.1 balancer: leases, trips and samples on this machine.',
  config: configSchema,
  capabilities: new Set(['leases', 'fencing', 'samples', 'trips', 'mirror']),
  connect: (_config, environment) =>
    connectEdge(stateDirectoryAt(environment.stateDirectory).edgeSocket),
};

function connectEdge(socketPath: string): Balancer {
  async function ask<Answer>(schema: z.ZodType<Answer>, call: ControlCall): Promise<Answer> {
    const answer = schema.safeParse(await callControl(socketPath, call));
    if (answer.success) return answer.data;
    throw operationalError('version-differs', `The edge answered ${call.path} in another form.`, {
      effect: call.method === 'POST' ? 'unknown' : 'none',
      cause: answer.error,
    });
  }

  return {
    observe: (scope, { signal }) =>
      ask(routingObservationSchema.nullable(), {
        method: 'GET',
        path: `/v1/routing?${new URLSearchParams({ scope }).toString()}`,
        signal,
      }),
    apply: (routing, { signal, token, over }) =>
      ask(routingObservationSchema, {
        method: 'POST',
        path: '/v1/apply',
        body: { routing, token, ...(over && { over }) },
        signal,
      }),
    async renew(scope, { signal, token }) {
      await ask(z.null(), { method: 'POST', path: '/v1/renew', body: { scope, token }, signal });
    },
    samples: (scope, fromSecond, { signal }) => {
      const query = new URLSearchParams({ scope, fromSecond: String(fromSecond) });
      return ask(trafficReportSchema, {
        method: 'GET',
        path: `/v1/samples?${query.toString()}`,
        signal,
      });
    },
  };
}

/** The address, or what is wrong with it. */
function listenOf(text: string): { host: string; port: number } | string {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d+)$/.exec(text);
  if (match === null) return 'is not an address; write it as "host:port"';
  const host = match[1] ?? match[2] ?? '';
  const port = Number(match[3]);
  if (port < 1 || port > 65535) return 'has a port outside of 1 to 65535';
  if (host === '') return 'has no host; write "127.0.0.1" for this machine or "0.0.0.0" for all';
  if (host !== 'localhost' && isIP(host) === 0) return 'has a host that is no IP or localhost';
  return { host, port };
}
