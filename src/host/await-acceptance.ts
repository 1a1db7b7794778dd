/** Waits until every instance of a pool accepts connections, and gives up at the first that cannot. */
import { OperationalError, operationalError } from '../core/operational-error.ts';
import { lastWords } from '../core/words/last-words.ts';
import { elapsedMs } from '../platform/clock.ts';
import { drainLog, type InstanceLife } from './instance-life.ts';
import { readInstanceState } from './observe-instance.ts';

const POLL_MS = 25;

/** `stillWanted` throws when the command that waits was overtaken. */
export async function awaitAcceptance(
  lives: readonly InstanceLife[],
  stillWanted: () => void,
): Promise<void> {
  const giveUp = new AbortController();
  const waits = lives.map(async (life) => {
    try {
      await awaitOne(life, stillWanted, giveUp.signal);
    } catch (error) {
      giveUp.abort();
      throw error;
    }
  });
  // Nothing of this call may go on in the background once it has failed.
  const results = await Promise.allSettled(waits);
  const failures = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  const cause = failures.find((error) => error instanceof OperationalError) ?? failures[0];
  if (failures.length > 0) throw cause;
}

async function awaitOne(
  life: InstanceLife,
  stillWanted: () => void,
  giveUp: AbortSignal,
): Promise<void> {
  const { startTimeoutMs } = life.pool().spec;
  const since = life.clock.monotonicNs();
  for (;;) {
    stillWanted();
    const state = await readInstanceState(life);
    if (state === 'accepting') return;
    if (state === 'exited' && life.pool().spec.restart === 'never') throw await exitedFailure(life);
    if (elapsedMs(life.clock, since) >= startTimeoutMs) {
      throw await (state === 'exited' ? exitedFailure(life) : notAcceptingFailure(life));
    }
    await life.clock.sleep(POLL_MS, giveUp);
  }
}

async function exitedFailure(life: InstanceLife): Promise<OperationalError> {
  const { exit, id, port } = life.record;
  const how = exit?.signal ? `signal ${exit.signal}` : `code ${String(exit?.code ?? 'unknown')}`;
  const end = `${id} of release ${versionOf(life)} ended with ${how} before it accepted connections on port ${port}`;
  return failure(life, 'instance-exited', end);
}

async function notAcceptingFailure(life: InstanceLife): Promise<OperationalError> {
  const { id, port } = life.record;
  const { startTimeoutMs } = life.pool().spec;
  return failure(
    life,
    'instance-not-accepting',
    `${id} of release ${versionOf(life)} did not accept connections on port ${port} within ${startTimeoutMs} ms`,
  );
}

/** The id of an instance reads like one, and is none. */
function versionOf(life: InstanceLife): string {
  return life.pool().spec.release.version;
}

async function failure(
  life: InstanceLife,
  code: 'instance-exited' | 'instance-not-accepting',
  message: string,
): Promise<OperationalError> {
  await drainLog(life, code === 'instance-exited');
  const lastLines = life.log.lastLines();
  const { id: instance, port, exit } = life.record;
  // What the release wrote may hold anything; whoever shows it to a terminal escapes it.
  const said = lastWords(lastLines) || 'it wrote nothing';
  return operationalError(code, `${message}; ${said}.`, {
    effect: 'applied',
    details: { instance, port, exit, lastLines },
  });
}
