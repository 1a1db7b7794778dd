/** A small service to put under load, and what is asked of it. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { LoadTarget } from '../../src/load/load-target.ts';

export interface LoadedService {
  readonly url: URL;
  /** How many requests have come. */
  readonly requests: () => number;
  /** How many connections have been opened. */
  readonly connections: () => number;
}

export async function startLoadedService(
  t: TestContext,
  answer: RequestListener = (_request, response) => response.end('ok'),
): Promise<LoadedService> {
  let [requests, connections] = [0, 0];
  const server = createServer((request, response) => {
    requests += 1;
    answer(request, response);
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    requests: () => requests,
    connections: () => connections,
  };
}

export function aLoadTarget(url: URL, changes: Partial<LoadTarget> = {}): LoadTarget {
  return {
    ...{ url, method: 'GET', headers: [], body: null, connectionsMax: 100, timeoutMs: 10_000 },
    isGood: (status) => status < 400,
    ...changes,
  };
}
