/** Whether the sockets by which Surefoot is controlled are closed to others. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../../../platform/is-system-error.ts';
import { broken, holds, unknown, type Observe } from '../observed-place.ts';

const OWNER_ONLY = 0o600;

export const controlSocketsPrivate: Observe = async ({ directory }) => {
  const sockets = await socketsIn(directory.root);
  if (sockets.length === 0) return unknown('no control socket is there: Surefoot does not run');
  const open = sockets.filter(({ mode }) => mode !== OWNER_ONLY);
  return open.length === 0
    ? holds(`${sockets.map(({ name }) => name).join(', ')}, all of mode 600`)
    : broken(open.map(({ name, mode }) => `${name} has mode ${mode.toString(8)}`).join('; '));
};

async function socketsIn(root: string) {
  const names = await readdir(root).catch((error: unknown) => {
    if (isSystemError(error) && error.code === 'ENOENT') return [];
    throw error;
  });
  const looked = await Promise.all(
    names
      .filter((name) => name.endsWith('.sock'))
      .map(async (name) => {
        const found = await lstat(join(root, name));
        return found.isSocket() ? [{ name, mode: found.mode & 0o777 }] : [];
      }),
  );
  return looked.flat();
}
