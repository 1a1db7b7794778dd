/**
 * What is around Surefoot in this bench, in a process of its own: upstreams that turn bad on demand,
 * and clients. Ends with its parent.
 */
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FromStandIn, ToStandIn } from './stand-in-messages.ts';

const KEEP_ALIVE_MS = 120_000;

function say(message: FromStandIn): void {
  process.send?.(message);
}

async function openUpstream(bad: ReadonlySet<number>): Promise<number> {
  const server: Server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (_asked, answer) => {
    const { port } = server.address() as AddressInfo;
    answer.statusCode = bad.has(port) ? 500 : 200;
    answer.end('answered\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function startLoad(ports: readonly number[], perSecond: number): void {
  const agent = new Agent({ keepAlive: true });
  for (const [index, port] of ports.entries()) {
    const everyMs = 1_000 / perSecond;
    const ask = (): void => {
      const asked = request({ port, agent, host: '127.0.0.1' }, (answer) => answer.resume());
      // What clients see is counted by the edge; here only the traffic matters.
      asked.on('error', () => undefined);
      asked.end();
    };
    // Spread over the interval, so that the requests of all ports do not come at once.
    setTimeout(() => setInterval(ask, everyMs), (everyMs * index) / ports.length);
  }
}

async function hear(message: ToStandIn, bad: Set<number>): Promise<void> {
  switch (message.kind) {
    case 'open': {
      const count = message.upstreams;
      const ports = await Promise.all(Array.from({ length: count }, () => openUpstream(bad)));
      say({ kind: 'opened', ports });
      return;
    }
    case 'behave': {
      const { port, isBad } = message;
      if (isBad) bad.add(port);
      else bad.delete(port);
      say({ kind: 'behaves', port, atNs: String(process.hrtime.bigint()) });
      return;
    }
    case 'load':
      startLoad(message.ports, message.perSecond);
      say({ kind: 'loading' });
  }
}

const bad = new Set<number>();
process.on('message', (message: ToStandIn) => void hear(message, bad));
process.on('disconnect', () => process.exit(0));
