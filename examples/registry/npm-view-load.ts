/** The load client with npm's requests: 21,000 of them at 100 a second, unless told otherwise. */
import { loadClient } from '../../tools/load/load-client.ts';
import { npmViewMix } from './npm-view-mix.ts';

export function npmViewLoad(args: readonly string[]): Promise<0 | 1 | 2> {
  const defaults = ['--url', 'http://127.0.0.1:4880', '--rate', '100', '--duration', '210'];
  return loadClient([...defaults, ...args], [npmViewMix]);
}

if (import.meta.main) process.exitCode = await npmViewLoad(process.argv.slice(2));
