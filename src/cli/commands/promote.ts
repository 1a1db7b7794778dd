import { askDeployment, type AskOptions } from '../ask-deployment.ts';
import type { RegisterCommand } from '../cli-session.ts';
import { deploymentCommand } from '../deployment-command.ts';

/** Waives time, never evidence: limits, samples and verdict of the step at hand stay what they are. */
export const registerPromote: RegisterCommand = (program, perform) => {
  const command = deploymentCommand(
    program,
    'promote',
    'end a pause and the rest of holdFor; the gate must pass all the same',
  );
  perform<AskOptions>(command, (session, options, [argument]) =>
    askDeployment(session, options, argument, {
      send: (api, id, intent) => api.promote(id, intent),
      done: ({ id }) =>
        `${id} goes on as soon as its gate passes. To see how it goes: surefoot watch ${id}`,
    }),
  );
};
