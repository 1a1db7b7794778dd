import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { operationalError } from '../../core/operational-error.ts';
import type { RegisterCommand } from '../cli-session.ts';

/** Shows the whole job on this machine; the demo itself lives beside the examples it deploys. */
export const registerDemo: RegisterCommand = (program, perform) => {
  const command = program
    .command('demo')
    .description('deploy good and bad releases of the example under load, in about two minutes');
  perform(command, ({ environment, flags }) => {
    const path = join(environment.mainPath, '..', '..', 'tools', 'demo', 'run-demo.ts');
    if (!existsSync(path)) {
      throw operationalError(
        'not-found',
        `The demo needs a checkout of Surefoot: ${path} is absent.`,
      );
    }
    const child = spawn(process.execPath, [path, ...(flags.json ? ['--json'] : [])], {
      stdio: 'inherit',
    });
    return new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
  });
};
