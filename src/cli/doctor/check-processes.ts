import { callControl } from '../../platform/control-client.ts';
import { OperationalError } from '../../core/operational-error.ts';
import { keeperStatus } from '../../platform/keeper-status.ts';
import type { StateDirectory } from '../../platform/state-directory.ts';
import { versionDifference } from '../check-server-version.ts';
import { fault, fine, warning, type Check } from './check.ts';

const ANSWER_MS_MAX = 2_000;

export async function checkProcesses(directory: StateDirectory): Promise<readonly Check[]> {
  const status = await keeperStatus(directory);
  if (!status) return [warning('processes', 'Surefoot does not run here', 'surefoot up')];
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

/** Whether an agent can be reached the way the drivers do it; silence is said, an answer is not. */
async function checkSocket(name: string, path: string): Promise<readonly Check[]> {
  try {
    await callControl(path, {
      method: 'GET',
      path: '/v1/health',
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    return [];
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    if (error.failure.code !== 'agent-unreachable') return [];
    return [fault(name, error.message, 'surefoot up')];
  }
}

function logRemedy(directory: StateDirectory, role: string): string {
  return `See ${directory.logs}/${role}.log; surefoot up starts it again.`;
}
