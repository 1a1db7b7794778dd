import type { Command } from 'commander';

/** A command that asks something of the deployment that is named or, without a name, of the one that runs. */
export function deploymentCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('[id]', 'like d7; may be left out when one deployment runs')
    .option('--reason <text>', 'kept in the audit log');
}
