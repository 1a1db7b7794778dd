import { relative, sep } from 'node:path';

/** Whether a path is a folder or below it, as far as the words of both say. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}
