/** Runs a script of the repository or its packages on this Node, its output passed through, and returns its exit code. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

export function runTool(script: string, args: readonly string[]): number {
  const root = dirname(import.meta.dirname);
  const result = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.error) throw result.error;
  return result.status ?? 1;
}
