import { askDeployment, type AskOptions } from '../ask-deployment.ts';
import type { RegisterCommand } from '../cli-session.ts';
import { deploymentCommand } from '../deployment-command.ts';
import { overrideOption } from '../override-option.ts';
import { usageError } from '../usage-error.ts';

interface ResumeOptions extends AskOptions {
  readonly override?: string;
}

/** Ends a pause; the step that did not begin, or was waited for, begins. */
export const registerResume: RegisterCommand = (program, perform) => {
  const command = deploymentCommand(program, 'resume', 'have a paused deployment go on').option(
    '--override <reason>',
    'have it go on although it is frozen there, or outside of its deployment windows',
  );
  perform<ResumeOptions>(command, (session, { override, ...options }, [argument]) => {
    const reason = overrideOption(override);
    if (reason !== undefined && options.reason !== undefined) {
      throw usageError('--override says why already; leave --reason out.');
    }
    const asked = reason === undefined ? options : { reason };
    return askDeployment(session, asked, argument, {
      send: (api, id, intent) =>
        api.resume(id, reason === undefined ? intent : { ...intent, override: true }),
      done: ({ id }) => `${id} goes on. To see how it goes: surefoot watch ${id}`,
    });
  });
};
