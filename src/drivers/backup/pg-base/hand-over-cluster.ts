/** Says how a restored cluster is put in the place of the live one, which whoever runs it must stop and start. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pathSwitchNames } from '../../../core/backup/switch-names.ts';
import { OperationalError } from '../../../core/operational-error.ts';
import { openPostgres } from '../../../platform/open-postgres.ts';
import type { PostgresPlace } from '../../../platform/postgres-place.ts';
import { queryOne } from '../../../platform/query-one.ts';
import { unlessMissing } from '../../../platform/unless-missing.ts';
import type { HandedOver } from '../../contract.ts';

/** `url`: of what is live. The restored server has ended. */
export async function handOverCluster(
  { dataDirectory }: PostgresPlace,
  { id, url }: { readonly id: string; readonly url: string },
): Promise<HandedOver> {
  // Its own settings were put aside for as long as it was looked at.
  const automatic = join(dataDirectory, 'postgresql.auto.conf');
  await unlessMissing(rename(`${automatic}.restored`, automatic));
  const { live, kept, undone } = pathSwitchNames(await liveDirectory(url), id);
  const [stop, start] = ['# stop the live server', '# start it again'];
  return {
    steps: [
      ...[stop, move(live, kept), move(dataDirectory, live)],
      `chown -R --reference=${word(kept)} ${word(live)} && sync`,
      start,
    ],
    back: [stop, move(live, undone), move(kept, live), start],
  };
}

/** Only it knows; one that is lost cannot say. */
async function liveDirectory(url: string): Promise<string> {
  try {
    const client = await openPostgres(url);
    try {
      const query = "SELECT current_setting('data_directory') AS folder";
      return (await queryOne<{ folder: string }>(client, query)).folder;
    } finally {
      await client.end();
    }
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    return 'ITS-DATA-DIRECTORY';
  }
}

function move(from: string, to: string): string {
  return `mv -T ${word(from)} ${word(to)}`;
}

/** As a shell reads it. */
function word(text: string): string {
  return /^[\w/.-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
