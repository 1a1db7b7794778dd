import { askDeployment, type AskOptions } from '../ask-deployment.ts';
import type { RegisterCommand } from '../cli-session.ts';
import { deploymentCommand } from '../deployment-command.ts';

/** Ends a pause; the step that did not begin, or was waited for, begins. */
export const registerResume: RegisterCommand = (program, perform) => {
  const command = deploymentCommand(program, 'resume', 'have a paused deployment go on');
  perform<AskOptions>(command, (session, options, [argument]) =>
    askDeployment(session, options, argument, {
      send: (api, id, intent) => api.resume(id, intent),
      done: ({ id }) => `${id} goes on. To see how it goes: surefoot watch ${id}`,
    }),
  );
};
