import type { Command } from 'commander';
import type { RegisterCommand } from '../cli-session.ts';
import { quoted } from '../render/escape-text.ts';
import { usageError } from '../usage-error.ts';

/** Commander's own knows the first word of a command alone. */
export const registerHelp: RegisterCommand = (program, perform) => {
  program.helpCommand(false);
  perform(
    program
      .command('help')
      .argument('[command...]', 'a command, and the one below it: backup take')
      .description('display help for a command'),
    async (_session, _options, names) => commandNamed(program, names).help(),
  );
};

function commandNamed(program: Command, names: readonly string[]): Command {
  return names.reduce((above, name) => {
    const known = above.commands.find((each) => each.name() === name);
    if (known) return known;
    const path = [above.name(), name].join(' ');
    throw usageError(`There is no command ${quoted(path)}; see: ${helpOf(above)}.`);
  }, program);
}

function helpOf(command: Command): string {
  return command.parent ? `surefoot help ${command.name()}` : 'surefoot help';
}
