import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** One Verdaccio instance of a release, started directly: for seeding and for trying by hand. */
export interface RunningRegistry {
  readonly url: string;
  readonly version: string;
  /** SIGTERM; resolves with the exit code when it has finished its requests. */
  readonly stop: () => Promise<number | null>;
}

export async function runRegistry(options: {
  readonly releasePath: string;
  readonly storagePath: string;
  /** Who may publish, in Verdaccio's words; the example's own rule is `$authenticated`. */
  readonly publish?: '$all' | '$authenticated';
}): Promise<RunningRegistry> {
  const child = spawn(process.execPath, ['start.mjs'], {
    cwd: options.releasePath,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOST: '127.0.0.1',
      PORT: '0',
      REGISTRY_STORAGE: options.storagePath,
      REGISTRY_PUBLISH: options.publish ?? '$authenticated',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited: Promise<unknown[]> = once(child, 'close');
  const complaints: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  const listening = listeningFact(createInterface({ input: child.stdout }));
  const fact = await Promise.race([listening, exited.then(() => null)]);
  if (fact === null) {
    throw new Error(`${options.releasePath} ended before it listened: ${complaints.join('')}`);
  }
  return {
    url: `http://127.0.0.1:${fact.port}`,
    version: fact.version,
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exited;
      return typeof code === 'number' ? code : null;
    },
  };
}

async function listeningFact(
  lines: AsyncIterable<string>,
): Promise<{ port: number; version: string } | null> {
  const { promise, resolve } = Promise.withResolvers<{ port: number; version: string } | null>();
  // Reads on after the fact is found: a full pipe would stop the registry.
  void (async () => {
    for await (const line of lines) {
      const match = /"message":"listening".*"port":(\d+),"version":"([^"]+)"/.exec(line);
      if (match?.[1] !== undefined && match[2] !== undefined) {
        resolve({ port: Number(match[1]), version: match[2] });
      }
    }
    resolve(null);
  })();
  return promise;
}
