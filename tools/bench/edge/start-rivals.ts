/** HAProxy as Debian has it, and http-proxy-3. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../stand/free-port.ts';
import { endProcess, spawnOn, untilAccepts, type Contender } from './contender.ts';

const httpProxyProgram = new URL('./http-proxy-3-main.ts', import.meta.url).pathname;

/** Its first line of `-v`; null where it is not installed. */
export function haproxyVersion(): string | null {
  try {
    return execFileSync('haproxy', ['-v'], { encoding: 'utf8' }).split('\n')[0] ?? '';
  } catch {
    return null;
  }
}

export async function startHaproxy(folder: string, upstreamPort: number): Promise<Contender> {
  const port = await freePort();
  const path = join(folder, 'haproxy.cfg');
  await writeFile(path, configOf(port, upstreamPort));
  // `-db` keeps it one process, which is the one to be measured.
  const child = spawnOn('proxy', 'haproxy', ['-db', '-f', path]);
  await untilAccepts(port);
  return { name: 'HAProxy', port, pids: [child.pid ?? 0], close: () => endProcess(child) };
}

export async function startHttpProxy3(upstreamPort: number): Promise<Contender> {
  const port = await freePort();
  const args = [httpProxyProgram, String(port), String(upstreamPort)];
  const child = spawnOn('proxy', process.execPath, args);
  await untilAccepts(port);
  return { name: 'http-proxy-3', port, pids: [child.pid ?? 0], close: () => endProcess(child) };
}

/** One thread, since the edge has one; connections kept on both sides. */
function configOf(port: number, upstreamPort: number): string {
  return `global
  nbthread 1
  maxconn 2000
defaults
  mode http
  option http-keep-alive
  option forwardfor
  http-reuse always
  timeout connect 2s
  timeout client 60s
  timeout server 60s
frontend clients
  bind 127.0.0.1:${port}
  default_backend instances
backend instances
  server upstream 127.0.0.1:${upstreamPort}
`;
}
