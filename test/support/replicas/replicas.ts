/** Two servers on one database and one state directory, as a test sees them: by their sockets. */
import { setTimeout as delay } from 'node:timers/promises';
import type { StatusAnswer } from '../../../src/api/contract/answers.ts';
import type { AuditEntry } from '../../../src/core/audit/audit-entry.ts';
import { serverNames, serverSocketIn } from '../../../src/platform/server-names.ts';
import type { StateDirectory } from '../../../src/platform/state-directory.ts';
import { askSocket } from '../../../tools/crash/ask-socket.ts';
import { followAudit } from '../../../tools/crash/follow-audit.ts';
import { until } from '../until.ts';

export type ServerName = 'server' | 'server-2';

export const bothServers = serverNames(2) as readonly ServerName[];

export function otherThan(name: ServerName): ServerName {
  return name === 'server' ? 'server-2' : 'server';
}

/** The same place, where this server is asked. */
export function askedAt(directory: StateDirectory, name: ServerName): StateDirectory {
  return { ...directory, serverSocket: serverSocketIn(directory, name) };
}

export async function statusOf(directory: StateDirectory, name: ServerName): Promise<StatusAnswer> {
  return (await askSocket(serverSocketIn(directory, name), '/v1/status')) as StatusAnswer;
}

/** The server that drives, once the other one answers too and says that it does not. */
export async function untilOneDrives(directory: StateDirectory): Promise<ServerName> {
  const driving: ServerName[] = [];
  await until('one server drives and the other stands by', async () => {
    driving.length = 0;
    for (const name of bothServers) {
      const status = await statusOf(directory, name).catch(() => null);
      if (!status) return false;
      if (status.driving) driving.push(name);
    }
    return driving.length === 1;
  });
  return driving[0]!;
}

const LOOK_MS = 10;

/** Resolves when the server drives, with the ms since `sinceMs` (of `performance.now`). */
export async function untilDrives(
  directory: StateDirectory,
  name: ServerName,
  sinceMs: number,
): Promise<number> {
  while (!(await statusOf(directory, name).catch(() => null))?.driving) await delay(LOOK_MS);
  return Math.round(performance.now() - sinceMs);
}

/** Entries as they come, from whichever server tells them first; resolves after the last one. */
export async function followBoth(
  directory: StateDirectory,
  id: string,
  onEntry: (entry: AuditEntry) => void,
): Promise<readonly AuditEntry[]> {
  const seen: AuditEntry[] = [];
  const over = new AbortController();
  const follow = async (name: ServerName): Promise<void> => {
    await followAudit(askedAt(directory, name), id, {
      signal: over.signal,
      onEntry(entry) {
        if (entry.sequence <= (seen.at(-1)?.sequence ?? 0)) return;
        seen.push(entry);
        onEntry(entry);
      },
    });
    over.abort();
  };
  await Promise.all(bothServers.map(follow));
  return seen;
}

export function isAt(entry: AuditEntry, kind: AuditEntry['body']['kind'], step: string): boolean {
  const { body } = entry;
  return body.kind === kind && 'step' in body && body.step === step;
}
