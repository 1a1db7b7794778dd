/** Moments of a deployment with a migration, and what is struck there. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { EventLine } from '../../src/api/contract/answers.ts';
import { openPostgres } from '../../src/platform/open-postgres.ts';
import { fillDiskOf, freeDiskOf, postmasterOf } from './full-disk.ts';
import type { NewsroomStand } from '../stand/newsroom-stand.ts';

export interface MigrationStrike {
  readonly name: string;
  readonly isReached: (line: EventLine) => boolean;
  readonly deal: (stand: NewsroomStand) => Promise<void>;
  /** Once the deployment has ended. */
  readonly mend?: (stand: NewsroomStand) => Promise<void>;
  /** Its migration cannot be applied, so that the deployment is stopped. */
  readonly mustFail?: true;
}

const SECURE = 'secure-database';
const REHEARSE = 'rehearse-migrations';
const APPLY = 'apply-migrations';

export const migrationStrikes: readonly MigrationStrike[] = [
  killed('the backup is taken', says(SECURE, /is being taken/)),
  killed('the backup is tried out', says(SECURE, /is being tried out/)),
  killed('it is restored for the rehearsal', says(REHEARSE, /is being restored/)),
  killed('migrations are applied to the copy', says(REHEARSE, /applied to it/)),
  killed('what serves is tried on the copy', says(REHEARSE, /is tried on it/)),
  killed('migrations are applied', audits('CommandIssued', APPLY)),
  killed('migrations have been applied', audits('CommandSucceeded', APPLY)),
  {
    name: 'the session is ended in which migrations are applied',
    isReached: audits('CommandIssued', APPLY),
    deal: endMigration,
  },
  {
    name: 'the server of the copy is killed',
    isReached: says(REHEARSE, /applied to it/),
    deal: killRestoredServer,
  },
  {
    name: 'the disk of the copy is full',
    isReached: says(REHEARSE, /applied to it/),
    deal: async (stand) => fillDiskOf(await restoredServer(stand)),
    mustFail: true,
  },
  {
    name: 'the disk of the database is full',
    isReached: audits('CommandIssued', APPLY),
    deal: async ({ databaseUrl }) => fillDiskOf(await postmasterOf(databaseUrl)),
    mend: ({ databaseUrl }) => freeDiskOf(databaseUrl),
    mustFail: true,
  },
];

function killed(when: string, isReached: MigrationStrike['isReached']): MigrationStrike {
  return {
    name: `the server is killed while ${when}`,
    isReached,
    deal: async (stand) => void process.kill(await stand.pidOf('server'), 'SIGKILL'),
  };
}

function says(step: string, text: RegExp): MigrationStrike['isReached'] {
  return (line) => line.kind === 'progress' && line.step === step && text.test(line.text);
}

function audits(kind: string, step: string): MigrationStrike['isReached'] {
  return (line) => {
    if (line.kind !== 'audit') return false;
    const { body } = line.entry;
    return body.kind === kind && 'step' in body && body.step === step;
  };
}

/** Waits until one is under way. */
async function endMigration(stand: NewsroomStand): Promise<void> {
  const client = await openPostgres(stand.databaseUrl);
  try {
    for (;;) {
      const { rowCount } = await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE query LIKE '%ADD COLUMN%' AND state = 'active' AND pid <> pg_backend_pid()`,
      );
      if (rowCount) return;
    }
  } finally {
    await client.end();
  }
}

const noteSchema = z.object({ made: z.object({ folder: z.string() }) });

async function killRestoredServer(stand: NewsroomStand): Promise<void> {
  process.kill(await restoredServer(stand), 'SIGKILL');
}

/** Its postmaster: what is restored is noted in the state directory. */
async function restoredServer({ directory }: NewsroomStand): Promise<number> {
  const notes = join(directory.root, 'restoring');
  for (const name of await readdir(notes)) {
    if (!name.endsWith('.json')) continue;
    const { made } = noteSchema.parse(JSON.parse(await readFile(join(notes, name), 'utf8')));
    const file = join(made.folder, 'postgres/data/postmaster.pid');
    const [pid] = (await readFile(file, 'utf8')).split('\n');
    return Number(pid);
  }
  throw new Error('Nothing is restored.');
}
