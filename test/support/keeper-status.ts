/** A keeper's control socket that answers with processes of the test's choice. */
import { createServer } from 'node:http';
import type { TestContext } from 'node:test';
import { keeperFilesIn } from '../../src/platform/keeper-files.ts';
import { listenPrivately } from '../../src/platform/listen-privately.ts';
import type { KeeperStatus } from '../../src/platform/keeper-status.ts';
import type { StateDirectory } from '../../src/platform/state-directory.ts';

/** Roles by name, each with its process; null for one that does not run. */
export async function serveKeeperStatus(
  test: TestContext,
  directory: StateDirectory,
  { pid, roles }: { readonly pid: number; readonly roles: Readonly<Record<string, number | null>> },
): Promise<void> {
  const since = '2026-11-28T12:00:00.000Z';
  const status: KeeperStatus = {
    ...{ pid, version: '0.1.0', since, postgres: null },
    roles: Object.entries(roles).map(([name, process]) => ({
      ...{ name, pid: process, ready: true, restarts: 0, since },
    })),
  };
  const server = createServer((_request, response) => response.end(JSON.stringify(status)));
  const listener = await listenPrivately(server, keeperFilesIn(directory).socket);
  test.after(() => listener.close());
}
