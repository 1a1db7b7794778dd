import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those of instances, and below those that the system gives to whatever connects to something: one of
 * these may be gone again in the moment between asking and taking.
 */
const FIRST_PORT = 10_000;
const PORTS = 10_000;
const DRAWS_MAX = 100;

/** Free at the moment of asking; to be taken a moment later. */
export async function freePort(): Promise<number> {
  for (let draw = 1; ; draw += 1) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (error) {
      if (draw === DRAWS_MAX) throw error;
      continue;
    }
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
