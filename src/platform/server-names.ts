/** Several servers share a state directory: `server`, `server-2`, `server-3`; each has its own socket. */
import { join } from 'node:path';
import type { StateDirectory } from './state-directory.ts';

export const FIRST_SERVER = 'server';

/** More than a few would only wait. */
export const SERVERS_MAX = 5;

export function serverNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    index === 0 ? FIRST_SERVER : `${FIRST_SERVER}-${index + 1}`,
  );
}

export function isServerName(name: string): boolean {
  return serverNames(SERVERS_MAX).includes(name);
}

export function serverSocketIn({ root }: StateDirectory, name: string): string {
  return join(root, `${name}.sock`);
}
