import { apiOf, type RegisterCommand } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { jsonLine } from '../render/escape-text.ts';
import { outsideLines } from '../render/status-lines.ts';
import { freezesLines } from '../render/freezes-lines.ts';

/** Lists freezes in force, oldest first, and what deployment windows are closed for. */
export const registerFreezes: RegisterCommand = (program, perform) => {
  const command = program
    .command('freezes')
    .description('list freezes in force, and services outside of the windows of their last plan');
  perform(command, async (session) => {
    const api = apiOf(session);
    const freezes = await api.freezes();
    const { flags, output } = session;
    if (flags.json) output.result(jsonLine(freezes));
    else {
      const outside = outsideLines(await api.status());
      output.result(...freezesLines(freezes, output.columns), ...outside);
    }
    return exitCode.done;
  });
};
