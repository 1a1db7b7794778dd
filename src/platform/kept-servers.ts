/** How many servers a keeper keeps: what it was told, or what the one before it kept. */
import { invariant } from '../core/invariant.ts';
import { readKeeperRecord } from './keeper-record.ts';
import { isServerName, serverNames, SERVERS_MAX } from './server-names.ts';
import type { StateDirectory } from './state-directory.ts';

export function keptServers(
  directory: StateDirectory,
  told: string | undefined,
): readonly string[] {
  if (told !== undefined) {
    const count = Number(told);
    invariant(Number.isInteger(count) && count >= 1 && count <= SERVERS_MAX, 'a number of servers');
    return serverNames(count);
  }
  const kept = (readKeeperRecord(directory)?.roles ?? []).filter(({ name }) => isServerName(name));
  return serverNames(Math.max(1, kept.length));
}
