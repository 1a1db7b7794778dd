import { actorName } from '../actor.ts';
import { apiOf, type RegisterCommand } from '../cli-session.ts';
import { deploymentCommand } from '../deployment-command.ts';
import { exitCode } from '../exit-code.ts';
import { jsonLine } from '../render/escape-text.ts';
import { meantDeployment } from '../meant-deployment.ts';
import { reasonOption } from '../reason-option.ts';

interface AbortOptions {
  readonly reason?: string;
}

/** Asks for a running deployment to be taken back; the server does it. */
export const registerAbort: RegisterCommand = (program, perform) => {
  const command = deploymentCommand(program, 'abort', 'have a running deployment taken back');
  perform<AbortOptions>(command, async (session, options, [argument]) => {
    const reason = reasonOption(options.reason);
    const api = apiOf(session);
    const id = await meantDeployment(api, argument);
    const answer = await api.abort(id, { actor: actorName(), reason });
    const { flags, output } = session;
    if (flags.json) output.result(jsonLine(answer));
    else output.result(`${id} is being taken back. To see how it goes: surefoot watch ${id}`);
    return exitCode.done;
  });
};
