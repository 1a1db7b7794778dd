import { apiOf, type RegisterCommand } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { jsonLine } from '../render/escape-text.ts';
import { freezesLines } from '../render/freezes-lines.ts';

/** Lists freezes in force, oldest first. */
export const registerFreezes: RegisterCommand = (program, perform) => {
  const command = program.command('freezes').description('list freezes in force');
  perform(command, async (session) => {
    const freezes = await apiOf(session).freezes();
    const { flags, output } = session;
    if (flags.json) output.result(jsonLine(freezes));
    else output.result(...freezesLines(freezes, output.columns));
    return exitCode.done;
  });
};
