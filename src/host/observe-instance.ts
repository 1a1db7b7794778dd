/** Reads an instance's state from the system at this moment: its process, its port, its output. */
import type { InstanceObservation, InstanceState } from '../core/model/pool.ts';
import { isSameProcess } from '../platform/process-identity.ts';
import { drainLog, UNKNOWN_EXIT, type InstanceLife, type RunningProcess } from './instance-life.ts';
import { acceptsConnection, ownsListener } from '../platform/port-acceptance.ts';
import { INSTANCE_HOST } from '../platform/port-allocation.ts';

export async function observeInstance(life: InstanceLife): Promise<InstanceObservation> {
  const running = life.process;
  const state = await readInstanceState(life);
  const hasEnded = state === 'exited';
  await drainLog(life, hasEnded);
  // What was seen of one process does not go with what is recorded of its end.
  if (!hasEnded && life.process !== running) return observeInstance(life);
  const { id, port, unexpectedExits } = life.record;
  return {
    id,
    state,
    host: INSTANCE_HOST,
    port,
    pid: hasEnded ? null : (running?.identity?.pid ?? null),
    exit: hasEnded ? (life.record.exit ?? (running ? UNKNOWN_EXIT : null)) : null,
    unexpectedExits,
    lastLines: life.log.lastLines(),
  };
}

export async function readInstanceState(life: InstanceLife): Promise<InstanceState> {
  const running = life.process;
  if (!running) return 'exited';
  // Between its start and the first look at it; after the queue's turn it is known.
  if (!running.identity && !life.isStopping) await life.serial(() => Promise.resolve());
  if (!(await isAlive(running))) {
    if (running.exited && !life.isStopping) {
      // The system reports how it ended in a moment; then the record says it too.
      await running.exited;
      await life.serial(() => Promise.resolve());
    }
    return 'exited';
  }
  if (life.isStopping) return 'stopping';
  return (await isAccepting(life, running)) ? 'accepting' : 'starting';
}

async function isAccepting(life: InstanceLife, running: RunningProcess): Promise<boolean> {
  const { port } = life.record;
  if (!running.identity || !(await acceptsConnection(INSTANCE_HOST, port))) return false;
  running.ownsPort ||= await ownsListener(port, running.launch, running.identity);
  return running.ownsPort && (await isAlive(running));
}

async function isAlive(running: RunningProcess): Promise<boolean> {
  return running.identity !== null && (await isSameProcess(running.identity));
}
