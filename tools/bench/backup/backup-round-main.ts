/** One round in a process of its own, which begins as that of `surefoot backup` does. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { keepGarbageSmall } from '../../../src/platform/small-garbage.ts';

enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/surefoot'));
keepGarbageSmall();
const { backupRound } = await import('./backup-round.ts');
const [url = '', kept = '', programs] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await backupRound(url, kept, programs)));
