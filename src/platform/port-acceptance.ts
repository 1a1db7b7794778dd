/** Whether an instance accepts connections on its port, and it alone: readiness as the host means it. */
import { readFile, readdir, readlink } from 'node:fs/promises';
import { connect } from 'node:net';
import type { ProcessIdentity } from './process-identity.ts';
import { findLaunchedProcesses } from './launched-processes.ts';

const CONNECT_TIMEOUT_MS = 1_000;
const LISTEN_STATE = '0A';

export function acceptsConnection(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (isAccepted: boolean): void => {
      socket.destroy();
      resolve(isAccepted);
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

/**
 * Whether the socket that listens on the port belongs to a process of the launch. True when that
 * cannot be found out: no /proc, another network namespace, a process that hides its descriptors.
 */
export async function ownsListener(
  port: number,
  launch: string,
  leader: ProcessIdentity,
): Promise<boolean> {
  const listeners = await listenersOn(port);
  if (listeners.size === 0) return true;
  const ofLeader = await holdsAny(leader.pid, listeners);
  if (ofLeader !== false) return true;
  for (const { pid } of await findLaunchedProcesses(launch, leader)) {
    if ((await holdsAny(pid, listeners)) !== false) return true;
  }
  return false;
}

async function listenersOn(port: number): Promise<Set<string>> {
  const sockets = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readText(table)).split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state !== LISTEN_STATE || local === undefined) continue;
      if (parseInt(local.slice(local.indexOf(':') + 1), 16) === port)
        sockets.add(`socket:[${inode}]`);
    }
  }
  return sockets;
}

/** Null when the process hides its descriptors. */
async function holdsAny(pid: number, sockets: ReadonlySet<string>): Promise<boolean | null> {
  let names: string[];
  try {
    names = await readdir(`/proc/${pid}/fd`);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES' ? null : false;
  }
  for (const name of names) {
    try {
      if (sockets.has(await readlink(`/proc/${pid}/fd/${name}`))) return true;
    } catch {
      // Closed between the listing and the look.
    }
  }
  return false;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // No such table on this system: nothing is known about listeners.
    return '';
  }
}
