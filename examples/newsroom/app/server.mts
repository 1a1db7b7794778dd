/** The program: `node server.mjs`. */
import { dieIfBuiltSo } from './fault-injector.ts';
import { errorFields, log } from './log.ts';
import { readRelease } from './release.ts';
import { readSettings } from './settings.ts';
import { startNewsroom } from './start-newsroom.ts';

const settings = readSettings(process.env);
const release = await readRelease(new URL('./release.json', import.meta.url));
await dieIfBuiltSo(release.fault);

const newsroom = await startNewsroom(release, settings);
log('listening', { host: settings.host, port: newsroom.port, version: release.version });

async function stop(signal: string): Promise<void> {
  log('stopping', { signal });
  await newsroom.stop();
  log('stopped');
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    stop(signal).catch((error: unknown) => {
      log('did not stop in order', errorFields(error));
      process.exit(1);
    });
  });
}
