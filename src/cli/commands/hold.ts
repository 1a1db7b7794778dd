import { askDeployment, pausedBefore, type AskOptions } from '../ask-deployment.ts';
import type { RegisterCommand } from '../cli-session.ts';
import { deploymentCommand } from '../deployment-command.ts';
import { durationOption } from '../duration-option.ts';
import { usageError } from '../usage-error.ts';

interface HoldOptions extends AskOptions {
  readonly for: string;
}

const FOR_MS_MIN = 1_000;
const FOR_MS_MAX = 7 * 86_400_000;

/** A pause that ends by itself. */
export const registerHold: RegisterCommand = (program, perform) => {
  const command = deploymentCommand(
    program,
    'hold',
    'pause a running deployment for a time',
  ).requiredOption('--for <duration>', 'how long, from 1s to 7d');
  perform<HoldOptions>(command, (session, options, [argument]) => {
    const forMs = durationOption('--for', options.for);
    if (forMs < FOR_MS_MIN || forMs > FOR_MS_MAX) throw usageError('--for must be from 1s to 7d.');
    return askDeployment(session, options, argument, {
      send: (api, id, intent) => api.pause(id, { ...intent, forMs }),
      done: ({ id, waiting }) =>
        `${id} is paused before ${pausedBefore(waiting)} for ${options.for}, and then goes on by itself. To go on before: surefoot resume ${id}`,
    });
  });
};
