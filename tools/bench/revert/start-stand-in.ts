import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { FromStandIn, ToStandIn } from './stand-in-messages.ts';

const program = new URL('./stand-in-main.ts', import.meta.url).pathname;

export interface StandIn {
  open(upstreams: number): Promise<readonly number[]>;
  /** When the upstream began to behave so, on the monotonic clock. */
  behave(port: number, isBad: boolean): Promise<bigint>;
  load(ports: readonly number[], perSecond: number): Promise<void>;
  close(): Promise<void>;
}

/** One question at a time. */
export function startStandIn(): StandIn {
  const child = fork(program, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const gone = once(child, 'exit');

  async function ask<Kind extends FromStandIn['kind']>(
    message: ToStandIn,
    kind: Kind,
  ): Promise<Extract<FromStandIn, { kind: Kind }>> {
    const answered = once(child, 'message');
    child.send(message);
    const [answer] = (await Promise.race([answered, gone])) as [FromStandIn];
    if (answer.kind === kind) return answer as Extract<FromStandIn, { kind: Kind }>;
    throw new Error(`The stand-in did not answer ${message.kind}.`);
  }

  return {
    open: async (upstreams) => (await ask({ kind: 'open', upstreams }, 'opened')).ports,
    behave: async (port, isBad) =>
      BigInt((await ask({ kind: 'behave', port, isBad }, 'behaves')).atNs),
    async load(ports, perSecond) {
      await ask({ kind: 'load', ports, perSecond }, 'loading');
    },
    async close() {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}
