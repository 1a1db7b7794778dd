/** Whatever the author's own programs take and restore. */
import type { Backup, Driver } from '../../contract.ts';
import { commandConfig as config, type CommandConfig } from './config.ts';
import { restoreByCommand } from './restore-by-command.ts';
import { switchByCommand } from './switch-by-command.ts';
import { takeByCommand } from './take-by-command.ts';

export const commandBackup: Driver<'backup', CommandConfig> = {
  ...{ kind: 'backup', id: 'command', summary: 'What your own programs take and restore.', config },
  capabilities: new Set(),
  connect(given, { stateDirectory }): Backup {
    const switching = switchByCommand(given, { stateDirectory });
    return {
      take: ({ signal }) => takeByCommand(given, { stateDirectory, signal }),
      restore: (content, { signal }) =>
        restoreByCommand(content, given, { stateDirectory, signal }),
      ...(switching && { switching }),
    };
  },
};
