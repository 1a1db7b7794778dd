/**
 * A process with the durable engine. Its drivers ask the test that started it, where the simulated
 * world lives on when this process is killed.
 */
import { dirname } from 'node:path';
import type { Driver } from '../../../src/drivers/contract.ts';
import { unaskedWork } from './unasked-work.ts';
import { connectDriversFrom } from '../../../src/engine/drivers-in-use.ts';
import { startEngine } from '../../../src/engine/start-engine.ts';
import { callControl } from '../../../src/platform/control-client.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createLog } from '../../../src/platform/log.ts';
import type { WorldCall } from './start-durable-engine.ts';

const [connectionString = '', socketPath = '', originNs = ''] = process.argv.slice(2);

function drivers(): readonly Driver[] {
  const ask = async (call: WorldCall, signal: AbortSignal): Promise<unknown> =>
    callControl(socketPath, { method: 'POST', path: '/v1/verb', body: call, signal });
  const verb =
    (name: string) =>
    (...args: readonly unknown[]) => {
      const { signal, ...context } = args.at(-1) as { readonly signal: AbortSignal };
      return ask({ name, args: [...args.slice(0, -1), context] }, signal);
    };
  const driver = (kind: string, verbs: readonly string[]): Driver =>
    ({
      kind,
      id: 'simulated',
      connect: () =>
        Object.fromEntries(verbs.map((name) => [name, verb(`${kind}.${name}`)] as const)),
    }) as unknown as Driver;
  return [
    driver('target', ['observe', 'ensure', 'stop', 'attest']),
    driver('balancer', ['observe', 'apply', 'renew', 'samples']),
    driver('probe', ['run']),
  ];
}

const engine = await startEngine({
  connectionString,
  stateDirectory: dirname(socketPath),
  version: '9.9.9',
  connectDrivers: connectDriversFrom(drivers(), { stateDirectory: '/nowhere' }),
  work: unaskedWork,
  clock: { ...systemClock, monotonicNs: () => systemClock.monotonicNs() - BigInt(originNs) },
  log: createLog(),
  onUnfit(reason) {
    process.stderr.write(`${String(reason)}\n`);
    process.exit(1);
  },
});
// What runs was begun by the start already; once more must change nothing.
for (const { number } of await engine.store.listDeployments({ status: 'running', limit: 10 })) {
  await engine.begin(number);
}
