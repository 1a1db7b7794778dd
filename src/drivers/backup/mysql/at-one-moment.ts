/** Lets two sessions begin at one moment, by holding off for that long what would come between. */
import { operationalError } from '../../../core/operational-error.ts';
import type { MariadbSession } from '../../../platform/open-mariadb.ts';

/** Who waits for longer than this lets everybody else go on. */
const LOCK_WAIT_SECONDS = 10;

/**
 * Nothing is committed in the whole server and nothing is altered until `begin` has resolved; reading goes on, and no statement that
 * runs is waited for but those that alter. When the session is lost the server lets all go on by itself.
 */
export async function atOneMoment(
  control: MariadbSession,
  begin: () => Promise<void>,
): Promise<void> {
  await control.ask(`SET SESSION lock_wait_timeout = ${LOCK_WAIT_SECONDS}`);
  try {
    await control.ask('BACKUP STAGE START');
    await control.ask('BACKUP STAGE BLOCK_COMMIT');
  } catch (error) {
    await control.ask('BACKUP STAGE END').catch(() => undefined);
    const why = error instanceof Error ? error.message : String(error);
    const message = `The server does not hold still for a moment: ${why}. Somebody alters a table, or another backup runs; try again.`;
    throw operationalError('backup-unverifiable', message, { cause: error });
  }
  try {
    await begin();
  } finally {
    await control.ask('BACKUP STAGE END');
  }
}
