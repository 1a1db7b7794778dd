/** A host in a process of its own, as in production, so that it can be killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { HostBench } from './running-host.ts';
import { until } from '../until.ts';

const hostModule = new URL('../../../src/host/host-process.ts', import.meta.url).href;
const stateModule = new URL('../../../src/platform/state-directory.ts', import.meta.url).href;

export interface HostProcess {
  readonly pid: number;
  /** Ends the host only, and resolves when it is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** Resolves when the host answers. */
export async function hostProcessOf(
  bench: HostBench,
  environment: Record<string, string> = {},
): Promise<HostProcess> {
  const program = `
    import { runHost } from ${JSON.stringify(hostModule)};
    import { stateDirectoryAt } from ${JSON.stringify(stateModule)};
    await runHost({ stateDirectory: stateDirectoryAt(${JSON.stringify(bench.stateDirectory.root)}) });
  `;
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program],
    { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...environment } },
  );
  const exited = once(child, 'exit') as Promise<[number | null]>;
  await until('the host answers', async () => {
    try {
      await bench.get('/v1/health');
      return true;
    } catch {
      // Not yet.
      return false;
    }
  });
  return {
    pid: child.pid ?? 0,
    async kill(signal) {
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}
