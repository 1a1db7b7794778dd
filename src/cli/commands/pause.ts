import { askDeployment, pausedBefore, type AskOptions } from '../ask-deployment.ts';
import type { RegisterCommand } from '../cli-session.ts';
import { deploymentCommand } from '../deployment-command.ts';

/** Stops a deployment where it is; the traffic stays, is judged on, and still goes back when it must. */
export const registerPause: RegisterCommand = (program, perform) => {
  const command = deploymentCommand(
    program,
    'pause',
    'have a running deployment begin no further step',
  );
  perform<AskOptions>(command, (session, options, [argument]) =>
    askDeployment(session, options, argument, {
      send: (api, id, intent) => api.pause(id, intent),
      done: ({ id, waiting }) =>
        `${id} is paused before ${pausedBefore(waiting)}; what has traffic is judged on. To go on: surefoot resume ${id}`,
    }),
  );
};
