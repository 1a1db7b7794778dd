import { askDeployment, type AskOptions } from '../ask-deployment.ts';
import type { RegisterCommand } from '../cli-session.ts';

/** Ends a pause; the step that did not begin, or was waited for, begins. */
export const registerResume: RegisterCommand = (program, perform) => {
  const command = program
    .command('resume')
    .description('have a paused deployment go on')
    .argument('[id]', 'like d7; may be left out when one deployment runs')
    .option('--reason <text>', 'kept in the audit log');
  perform<AskOptions>(command, (session, options, [argument]) =>
    askDeployment(session, options, argument, {
      send: (api, id, intent) => api.resume(id, intent),
      done: ({ id }) => `${id} goes on. To see how it goes: surefoot watch ${id}`,
    }),
  );
};
