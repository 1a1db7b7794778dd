import { createServer } from 'node:net';

/**
 * Whether a TCP address could be listened on right now: null when it could, else the code of the
 * system's refusal, such as `EADDRINUSE`. A moment later somebody else may have taken it.
 */
export function tryListening(address: {
  readonly host: string;
  readonly port: number;
}): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ ...address, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
