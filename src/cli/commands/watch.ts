import { attachDeployment } from '../attach-deployment.ts';
import { apiOf, type RegisterCommand } from '../cli-session.ts';
import { deploymentId } from '../deployment-id.ts';
import { durationOption } from '../duration-option.ts';

interface WatchOptions {
  readonly timeout?: string;
}

/** Attaches to a deployment that somebody else may have started. */
export const registerWatch: RegisterCommand = (program, perform) => {
  const command = program
    .command('watch')
    .description('show a deployment from its beginning to its end')
    .argument('<id>', 'like d7')
    .option('--timeout <duration>', 'stop watching after this time, with exit code 5');
  perform<WatchOptions>(command, async (session, { timeout }, [id = '']) => {
    const timeoutMs = timeout === undefined ? undefined : durationOption('--timeout', timeout);
    const known = deploymentId(id);
    // A server that does not run at all is said at once; one that goes away later is waited for.
    await apiOf(session).deployment(known);
    return await attachDeployment(session, known, {
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  });
};
