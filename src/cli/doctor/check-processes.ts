import { callControl } from '../../platform/control-client.ts';
import { OperationalError } from '../../core/operational-error.ts';
import { keeperStatus } from '../../platform/keeper-status.ts';
import type { StateDirectory } from '../../platform/state-directory.ts';
import { versionDifference } from '../check-server-version.ts';
import { fault, fine, warning, type Check } from './check.ts';

const ANSWER_MS_MAX = 2_000;

export async function checkProcesses(directory: StateDirectory): Promise<readonly Check[]> {
  const status = await keeperStatus(directory);
  if (!status) return [await checkWithoutKeeper(directory)];
  const difference = versionDifference(status);
  const { postgres } = status;
  return [
    difference === null
      ? fine('keeper', `process ${status.pid}`)
      : fault('keeper', difference, 'surefoot down, then surefoot up'),
    ...(postgres
      ? [
          postgres.serving
            ? fine('postgresql process', `serves, ${postgres.restarts} restarts`)
            : fault(
                'postgresql process',
                postgres.problem ?? 'does not serve',
                logRemedy(directory, 'postgres'),
              ),
        ]
      : []),
    ...status.roles.map(({ name, ready, pid, restarts }) =>
      ready
        ? fine(name, `process ${pid ?? '-'}, ${restarts} restarts`)
        : fault(name, `not ready, ${restarts} restarts`, logRemedy(directory, name)),
    ),
    ...(await checkSocket('edge socket', directory.edgeSocket)),
    ...(await checkSocket('host socket', directory.hostSocket)),
  ];
}

/** What a keeper started outlives it, and serves on; what then ends is not started again. */
async function checkWithoutKeeper({ edgeSocket, hostSocket }: StateDirectory): Promise<Check> {
  const silences = await Promise.all([edgeSocket, hostSocket].map(silenceOf));
  if (!silences.includes(null)) {
    return warning('processes', 'Surefoot does not run here', 'surefoot up');
  }
  const found = 'it is gone: what it started goes on, and is not started again when it ends';
  return fault('keeper', found, 'surefoot up');
}

/** Whether an agent can be reached the way the drivers do it; silence is said, an answer is not. */
async function checkSocket(name: string, path: string): Promise<readonly Check[]> {
  const silence = await silenceOf(path);
  return silence === null ? [] : [fault(name, silence, 'surefoot up')];
}

/** Null when somebody answers. */
async function silenceOf(path: string): Promise<string | null> {
  try {
    await callControl(path, {
      method: 'GET',
      path: '/v1/health',
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    return null;
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    return error.failure.code === 'agent-unreachable' ? error.message : null;
  }
}

function logRemedy(directory: StateDirectory, role: string): string {
  return `See ${directory.logs}/${role}.log; surefoot up starts it again.`;
}
