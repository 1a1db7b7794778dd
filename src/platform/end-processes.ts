/** Ends all processes of one launch: asks the group, waits, then kills whatever is left. */
import { elapsedMs, type Clock } from './clock.ts';
import { isSameProcess, type ProcessIdentity, type ProcessStatus } from './process-identity.ts';
import { findLaunchedProcesses } from './launched-processes.ts';

const POLL_MS = 25;

export interface EndRequest {
  readonly launch: string;
  /** The group's leader if it was recorded; it is signalled only if it is still the same process. */
  readonly leader: ProcessIdentity | null;
  /** What has started all of them, where that is known. */
  readonly first?: ProcessIdentity | null;
  readonly graceMs: number;
  readonly clock: Clock;
  /** Ends the wait only. */
  readonly signal: AbortSignal;
}

/** Resolves when none is left; rejects with the signal's reason when it is aborted first. */
export async function endProcesses(request: EndRequest): Promise<void> {
  const known = new Map<number, ProcessStatus>();
  let living = await findLiving(request, known);
  await signalAll(request.leader, living, 'SIGTERM');
  const since = request.clock.monotonicNs();
  while (living.length > 0) {
    const isOver = elapsedMs(request.clock, since) >= request.graceMs;
    if (isOver) await signalAll(request.leader, living, 'SIGKILL');
    await request.clock.sleep(POLL_MS, request.signal);
    // A living leader says enough while there is still time; looking at every process is dear.
    if (!isOver && request.leader && (await isSameProcess(request.leader))) continue;
    living = await findLiving(request, known);
  }
}

/**
 * `known` remembers members of the group that dropped the launch id from their environment, since
 * the group cannot be trusted any more once its leader is gone.
 */
async function findLiving(
  request: EndRequest,
  known: Map<number, ProcessStatus>,
): Promise<ProcessStatus[]> {
  const leader = request.leader && (await isSameProcess(request.leader)) ? request.leader : null;
  for (const [pid, identity] of known) {
    if (!(await isSameProcess(identity))) known.delete(pid);
  }
  if (leader) known.set(leader.pid, { ...leader, group: leader.pid });
  for (const found of await findLaunchedProcesses(request.launch, leader, request.first)) {
    known.set(found.pid, found);
  }
  return [...known.values()];
}

async function signalAll(
  leader: ProcessIdentity | null,
  living: readonly ProcessStatus[],
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<void> {
  const group = leader && (await isSameProcess(leader)) ? leader.pid : null;
  // One call reaches the whole group, also what is being forked at this moment.
  if (group !== null) send(-group, signal);
  for (const member of living) {
    if (member.group !== group && (await isSameProcess(member))) send(member.pid, signal);
  }
}

function send(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return;
    throw error;
  }
}
