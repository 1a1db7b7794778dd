/** Builds the service from release and settings, and knows how to end it without breaking a request. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accountRoutes } from './account-routes.ts';
import { openAnnouncementHub } from './announcement-hub.ts';
import { apiRoutes } from './api-routes.ts';
import { createListener, openDatabase } from './database.ts';
import { deskRoutes } from './desk-routes.ts';
import { createFaultInjector } from './fault-injector.ts';
import { runJobs } from './job-worker.ts';
import { createLiveSocket, type LiveSocket } from './live-socket.ts';
import { errorFields, log } from './log.ts';
import { mediaRoutes } from './media-routes.ts';
import type { Newsroom } from './newsroom.ts';
import { pageRoutes } from './page-routes.ts';
import { prepareSchema } from './prepare-schema.ts';
import type { Release } from './release.ts';
import { createRequestHandler } from './request-handler.ts';
import { createRouter } from './router.ts';
import { serviceRoutes } from './service-routes.ts';
import type { Settings } from './settings.ts';
import { trackConnections } from './track-connections.ts';

/** Longer than a balancer keeps idle connections: then it is never us who closes one under a request. */
const KEEP_ALIVE_MS = 75_000;
const HEADERS_MS = 20_000;

export interface RunningNewsroom {
  readonly port: number;
  /** Finishes what is in flight; what is still open after nine seconds is cut. */
  stop(): Promise<void>;
}

export async function startNewsroom(
  release: Release,
  settings: Settings,
): Promise<RunningNewsroom> {
  const name = `newsroom ${release.version}`;
  const database = openDatabase(settings, name);
  await prepareSchema(database, { ...settings, features: release.features });
  const stopping = new AbortController();
  const newsroom: Newsroom = {
    release,
    database,
    announcements: openAnnouncementHub(`${settings.schema}_announcements`, () =>
      createListener(settings, name),
    ),
    reportedVersion: settings.releaseVersion ?? release.version,
    configDigest: settings.configDigest,
    stopping: stopping.signal,
  };
  const { channel } = newsroom.announcements;
  const jobs = runJobs({ database, channel }, stopping.signal);
  const live = createLiveSocket(newsroom);
  const server = createHttpServer(newsroom, live);
  const close = trackConnections(server);
  await listen(server, settings);
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      stopping.abort();
      await Promise.all([close(), live.close()]);
      await Promise.all([jobs, newsroom.announcements.close()]);
      await database.end();
    },
  };
}

function createHttpServer(newsroom: Newsroom, live: LiveSocket): Server {
  const handle = createRequestHandler({
    newsroom,
    router: createRouter([
      ...serviceRoutes,
      ...pageRoutes,
      ...apiRoutes,
      ...accountRoutes,
      ...deskRoutes,
      ...mediaRoutes,
    ]),
    meetFault: createFaultInjector(newsroom.release.fault, () => performance.now()),
  });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS });
  server.on('request', (request, response) => {
    handle(request, response).catch((error: unknown) => {
      log('an answer could not be sent', errorFields(error));
      response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    live.upgrade(request, socket, head);
  });
  return server;
}

function listen(server: Server, { host, port }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
