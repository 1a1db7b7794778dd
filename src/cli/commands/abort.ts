import type { StatusAnswer } from '../../api/contract/answers.ts';
import { actorName } from '../actor.ts';
import { apiOf, type RegisterCommand } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { jsonLine } from '../render/escape-text.ts';
import { deploymentId } from '../deployment-id.ts';
import { reasonOption } from '../reason-option.ts';
import { usageError } from '../usage-error.ts';

interface AbortOptions {
  readonly reason?: string;
}

/** Asks for a running deployment to be taken back; the server does it. */
export const registerAbort: RegisterCommand = (program, perform) => {
  const command = program
    .command('abort')
    .description('have a running deployment taken back')
    .argument('[id]', 'like d7; may be left out when one deployment runs')
    .option('--reason <text>', 'kept in the audit log');
  perform<AbortOptions>(command, async (session, options, [argument]) => {
    const reason = reasonOption(options.reason);
    const given = argument === undefined ? null : deploymentId(argument);
    const api = apiOf(session);
    const id = given ?? onlyRunning(await api.status());
    const answer = await api.abort(id, { actor: actorName(), reason });
    const { flags, output } = session;
    if (flags.json) output.result(jsonLine(answer));
    else output.result(`${id} is being taken back. To see how it goes: surefoot watch ${id}`);
    return exitCode.done;
  });
};

function onlyRunning({ services }: StatusAnswer): string {
  const running = services.map(({ last }) => last).filter(({ status }) => status === 'running');
  const [only, ...others] = running;
  if (only && others.length === 0) return only.id;
  if (!only) throw usageError('No deployment is running.');
  const ids = running.map(({ id }) => id).join(', ');
  throw usageError(`Several deployments are running (${ids}); say which one.`);
}
