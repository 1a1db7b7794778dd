/**
 * Starts the Verdaccio of this release. It lies in every release directory and adds what a deployment
 * needs: the port comes from the environment, the version is told to probes, and SIGTERM finishes the
 * requests in flight (Verdaccio by itself dies at once).
 */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { parseConfigFile, runServer } = require('verdaccio');
const { version } = require('verdaccio/package.json');

const stopLimitMs = 9_000;

const storage = process.env.REGISTRY_STORAGE;
if (storage === undefined || storage === '') {
  throw new Error('REGISTRY_STORAGE is not set: the directory that all instances share');
}
mkdirSync(storage, { recursive: true });

const config = parseConfigFile(join(import.meta.dirname, 'verdaccio.yaml'));
config.storage = storage;
config.auth.htpasswd.file = join(storage, '.htpasswd');
// Without a text of its own, Verdaccio 6 says `undefined/undefined` here.
config.user_agent = `verdaccio/${version}`;
config.packages['**'].publish = process.env.REGISTRY_PUBLISH ?? config.packages['**'].publish;

const server = await runServer(config);
finishRequestsOnStop(server);
server.listen(Number(process.env.PORT ?? 4873), process.env.HOST ?? '127.0.0.1', () => {
  const { address, port } = server.address();
  say('listening', { address, port, version });
});

/** On SIGTERM: no new connections, answers in flight to their end, then exit 0. */
function finishRequestsOnStop(server) {
  const inFlight = new Set();
  let isStopping = false;
  server.prependListener('request', (_request, response) => {
    inFlight.add(response);
    if (isStopping) response.setHeader('connection', 'close');
    response.on('close', () => {
      inFlight.delete(response);
      if (isStopping) setImmediate(() => server.closeIdleConnections());
    });
  });
  process.once('SIGTERM', () => {
    isStopping = true;
    say('stopping', { inFlight: inFlight.size });
    for (const response of inFlight) {
      if (!response.headersSent) response.setHeader('connection', 'close');
    }
    setTimeout(() => process.exit(1), stopLimitMs).unref();
    server.close(() => process.exit(0));
  });
}

function say(message, fields) {
  process.stdout.write(`${JSON.stringify({ level: 'info', message, ...fields })}\n`);
}
