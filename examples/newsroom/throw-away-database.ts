/**
 * A PostgreSQL for trying the newsroom out by hand: prints the line to put into another shell, runs
 * until Ctrl-C and leaves nothing behind.
 */
import { once } from 'node:events';
import { startTestDatabase } from './test-database.ts';

const database = await startTestDatabase();
process.stdout.write(`export NEWSROOM_DATABASE_URL='${database.url}'\n`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await database.stop();
