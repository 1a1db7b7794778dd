/** Runs a service's instances as processes of this machine, through the embedded host. */
import { z } from 'zod';
import { durationSchema } from '../../../core/model/duration.ts';
import type { InstanceUsage } from '../../../core/model/instance-usage.ts';
import type { PoolObservation } from '../../../core/model/pool.ts';
import { callControl, streamControl } from '../../../platform/control-client.ts';
import { stateDirectoryAt } from '../../../platform/state-directory.ts';
import type { Driver, DriverEnvironment, LogLine, Target } from '../../contract.ts';

const INSTANCES_MAX = 64;

const word = z
  .string()
  .refine((text) => !text.includes('\0'), 'must not contain the character NUL');

// Checked here and not as the record's key type, whose issue would not say what is wrong.
const environment = z.record(z.string(), word).superRefine((variables, context) => {
  for (const name of Object.keys(variables)) {
    const problem = nameProblem(name);
    if (problem) context.addIssue({ code: 'custom', path: [name], message: problem });
  }
});

function nameProblem(name: string): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return `"${name}" is no name for a variable: letters, digits and _, no digit first`;
  }
  return /^(PORT|HOST|SUREFOOT_.*)$/.test(name) ? `"${name}" is set by Surefoot itself` : null;
}

/** `from-to`, both included. */
const portRange = z.string().transform((text, context) => {
  const match = /^(\d{1,5})-(\d{1,5})$/.exec(text);
  const from = Number(match?.[1]);
  const to = Number(match?.[2]);
  if (match && from >= 1 && to <= 65_535 && from <= to) return { from, to };
  context.addIssue({
    code: 'custom',
    message: `"${text}" is no range of ports; write it like 20000-29999`,
  });
  return z.NEVER;
});

const config = z.strictObject({
  command: z
    .array(word.min(1, 'must not be empty'))
    .nonempty('names the program to start')
    .describe('Program and arguments. Runs in the artifact; must listen on $PORT.'),
  env: environment
    .optional()
    .describe(
      "Environment of the instances. Of the host's they get `PATH`, with Surefoot's own `node` first, `HOME`, `LANG`, `TZ`, `TMPDIR` and nothing else.",
    ),
  instances: z.int().min(1).max(INSTANCES_MAX).describe('How many instances a pool has.'),
  startTimeout: durationSchema
    .prefault('30s')
    .describe('How long an instance may take until it accepts connections on its port.'),
  stopGrace: durationSchema
    .prefault('10s')
    .describe('How long an instance may take to end after SIGTERM, before SIGKILL.'),
  ports: portRange
    .optional()
    .describe('From which ports instances get theirs, as from-to. Default: 20000-29999.'),
});

type LocalTargetConfig = z.output<typeof config>;

export const localTarget: Driver<'target', LocalTargetConfig> = {
  kind: 'target',
  id: 'local',
  summary: 'Runs instances as processes on the machine that Surefoot runs on.',
  config,
  capabilities: new Set(['fencing']),
  connect,
};

function connect({ ports }: LocalTargetConfig, { stateDirectory }: DriverEnvironment): Target {
  const socket = (): string => stateDirectoryAt(stateDirectory).hostSocket;
  return {
    async observe(scope, { signal }) {
      const path = `/v1/pools?${new URLSearchParams({ scope }).toString()}`;
      return (await callControl(socket(), { method: 'GET', path, signal })) as PoolObservation[];
    },
    async ensure(spec, { token, signal }) {
      const body = { spec, token, ...(ports && { ports }) };
      const path = '/v1/ensure';
      return (await callControl(socket(), {
        method: 'POST',
        path,
        body,
        signal,
      })) as PoolObservation;
    },
    async stop(pool, { scope, graceMs }, { token, signal }) {
      const body = { pool, scope, graceMs, token };
      const call = { method: 'POST', path: '/v1/stop', body, signal } as const;
      return (await callControl(socket(), call)) as PoolObservation | null;
    },
    async attest(pool, { scope }, { signal }) {
      const path = `/v1/attest?${new URLSearchParams({ pool, scope }).toString()}`;
      await callControl(socket(), { method: 'GET', path, signal });
    },
    async usage(scope, { signal }) {
      const path = `/v1/usage?${new URLSearchParams({ scope }).toString()}`;
      return (await callControl(socket(), { method: 'GET', path, signal })) as InstanceUsage[];
    },
    logs({ pool, tail, follow }, { signal }) {
      const query = new URLSearchParams({ pool, tail: String(tail), follow: String(follow) });
      const path = `/v1/logs?${query.toString()}`;
      return streamControl(socket(), { method: 'GET', path, signal }) as AsyncIterable<LogLine>;
    },
  };
}
