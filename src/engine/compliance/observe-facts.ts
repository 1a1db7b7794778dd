/** Who looks for which fact, and what was found: each on its own, so that one that hangs stops none. */
import { backupsAutomated, backupsVerified } from '../../core/compliance/backups-kept.ts';
import type { FactName, Observation } from '../../core/compliance/observable-fact.ts';
import {
  controlLimitsKept,
  findingLimitsKept,
  loadLimitsKept,
  loadLimitsOf,
  testedByPeople,
  testedByTools,
  vulnerabilitiesJudged,
} from '../../core/compliance/limits-kept.ts';
import { OperationalError } from '../../core/operational-error.ts';
import { isSystemError } from '../../platform/is-system-error.ts';
import { addressLeavesMachine } from './observations/address-leaves-machine.ts';
import { observeBackups } from './observations/backups-shown.ts';
import { clientAes256Gcm, clientTls } from './observations/client-tls.ts';
import { controlSocketsPrivate } from './observations/control-sockets-private.ts';
import { noTcpControl } from './observations/no-tcp-control.ts';
import { postgresOnSocket } from './observations/postgres-on-socket.ts';
import { processLogsKept } from './observations/process-logs-kept.ts';
import { securityHeaders } from './observations/security-headers.ts';
import { stateDirectoryPrivate } from './observations/state-directory-private.ts';
import { holds, unknown, type ObservedPlace, type Observe } from './observed-place.ts';

const observers: Readonly<Record<FactName, Observe>> = {
  // Who asks has read it, or would not have come as far as this.
  'configuration-valid': async ({ declared }) =>
    holds(`read and checked, ${declared.configDigest}`),
  'state-directory-private': stateDirectoryPrivate,
  'control-sockets-private': controlSocketsPrivate,
  'no-tcp-control': noTcpControl,
  'postgres-on-socket': postgresOnSocket,
  // It brings the database along, which commands do without.
  'audit-log-kept': async (place) =>
    (await import('./observations/audit-log-kept.ts')).auditLogKept(place),
  'process-logs-kept': processLogsKept,
  'address-leaves-machine': addressLeavesMachine,
  'client-tls': clientTls,
  'client-aes-256-gcm': clientAes256Gcm,
  'security-headers': securityHeaders,
  'finding-limits': async ({ checks }) => findingLimitsKept(checks),
  'vulnerabilities-judged': async ({ checks }) => vulnerabilitiesJudged(checks),
  'tested-by-tools': async ({ checks }) => testedByTools(checks),
  'tested-by-people': async ({ checks }) => testedByPeople(checks),
  'control-limits': async ({ checks }) => controlLimitsKept(checks),
  'backups-verified': observeBackups(backupsVerified),
  'backups-automated': observeBackups(backupsAutomated),
  'load-limits': async ({ checks, declared }) =>
    loadLimitsKept(checks, loadLimitsOf[declared.strictness]),
};

export async function observeFacts(
  names: readonly FactName[],
  place: ObservedPlace,
): Promise<Readonly<Partial<Record<FactName, Observation>>>> {
  const found = await Promise.all(
    names.map(async (name) => [name, await observed(name, place)] as const),
  );
  return Object.fromEntries(found);
}

/** What stands in the way of looking is told as what is not known; a bug is not. */
async function observed(name: FactName, place: ObservedPlace): Promise<Observation> {
  try {
    return await observers[name](place);
  } catch (error) {
    if (error instanceof OperationalError || isSystemError(error)) return unknown(error.message);
    throw error;
  }
}
