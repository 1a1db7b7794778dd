/**
 * Takes an instance over from a host that is gone. Its process is the same one only if pid and start
 * time agree; any other process is left alone, and the instance counts as ended.
 */
import type { InstanceRecord } from './host-records.ts';
import {
  drainLog,
  recordExit,
  UNKNOWN_EXIT,
  type InstanceLife,
  type RunningProcess,
} from './instance-life.ts';
import { findLaunchedProcesses } from '../platform/launched-processes.ts';
import { isSameProcess, type ProcessIdentity } from '../platform/process-identity.ts';

const WATCH_MS = 250;

/** Starts nothing. To be called once, before anything else happens to the instance. */
export function adoptInstance(life: InstanceLife): Promise<void> {
  return life.serial(async () => {
    const { launch, process: recorded, exit } = life.record;
    if (!launch || exit) return;
    const identity = recorded ?? (await findLeader(launch.id));
    if (!identity) {
      // The old host died between writing its intent and starting the process.
      await save(life, { ...life.record, launch: null });
      return;
    }
    if (await isSameProcess(identity)) {
      if (!recorded) await save(life, { ...life.record, process: identity });
      adopt(life, launch.id, identity);
      return;
    }
    const wasAskedTo = life.pool().desired === 'stopped';
    const unexpectedExits = life.record.unexpectedExits + (wasAskedTo ? 0 : 1);
    await drainLog(life, true);
    await save(life, { ...life.record, process: null, exit: UNKNOWN_EXIT, unexpectedExits });
  });
}

/** Also finds a process that was started but not recorded any more. */
async function findLeader(launch: string): Promise<ProcessIdentity | null> {
  const found = await findLaunchedProcesses(launch, null);
  const leader = found.find(({ pid, group }) => pid === group);
  return leader ? { pid: leader.pid, startTime: leader.startTime } : null;
}

function adopt(life: InstanceLife, launch: string, identity: ProcessIdentity): void {
  const running: RunningProcess = {
    launch,
    identity,
    exited: null,
    sinceNs: life.clock.monotonicNs(),
    ownsPort: false,
  };
  life.process = running;
  void watch(life, running, identity);
}

async function watch(
  life: InstanceLife,
  running: RunningProcess,
  identity: ProcessIdentity,
): Promise<void> {
  try {
    do {
      await life.clock.sleep(WATCH_MS, life.ending);
    } while (life.process === running && (await isSameProcess(identity)));
    await life.serial(() => recordExit(life, running, UNKNOWN_EXIT));
  } catch (error) {
    if (!life.ending.aborted) life.report('The watch over an adopted instance broke.', error);
  }
}

async function save(life: InstanceLife, record: InstanceRecord): Promise<void> {
  life.record = record;
  await life.store.saveInstance(record);
}
