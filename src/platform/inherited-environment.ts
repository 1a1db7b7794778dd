/**
 * What programs that Surefoot starts for others have of its own environment: a short list and nothing else, so that
 * its own secrets stay its own.
 */
import { delimiter, dirname } from 'node:path';

const INHERITED = ['HOME', 'LANG', 'TZ', 'TMPDIR'];

/** `node` is the one that Surefoot itself runs on: its folder comes first in `PATH`. */
export function inheritedEnvironment(
  host: Readonly<Record<string, string | undefined>>,
): Record<string, string> & { readonly PATH: string } {
  const path = host['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
  const inherited = INHERITED.flatMap((name) => {
    const value = host[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    PATH: [dirname(process.execPath), path].join(delimiter),
  };
}
