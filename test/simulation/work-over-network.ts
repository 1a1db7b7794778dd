/** What a server does with backups and databases, with the engine's own code: each call of it goes over the network of the run. */
import { operationalError } from '../../src/core/operational-error.ts';
import type { SchemaObjects } from '../../src/core/schema/schema-objects.ts';
import { simulatedBackup } from '../../src/drivers/backup/simulated/driver.ts';
import { simulatedMigrator } from '../../src/drivers/migration/simulated/driver.ts';
import { wantedOf, type OpenPlanned } from '../../src/engine/backup/open-planned.ts';
import { securePlannedFrom } from '../../src/engine/backup/secure-planned.ts';
import type { DatabaseTools } from '../../src/engine/migration/database-tools.ts';
import { databaseWorkFrom } from '../../src/engine/migration/database-work.ts';
import type { TriedRelease } from '../../src/engine/migration/try-release.ts';
import type { ServerWork } from '../../src/engine/server-work.ts';
import type { BlobStore } from '../../src/platform/blob-store.ts';
import type { SimulatedContent } from '../../src/platform/simulated-databases.ts';
import { unaskedWork } from '../support/engine/unasked-work.ts';
import type { Way } from './calls-over-network.ts';
import { memoryBlobs } from './memory-blobs.ts';
import { canLiveWith, LIVE, type SimulatedData } from './simulated-data.ts';
import type { CallSite } from './simulated-network.ts';
import { workingAlone } from './working-alone.ts';

export function workOver(way: Way, data: SimulatedData): ServerWork {
  const open = openOver(way, data);
  return {
    ...unaskedWork,
    secureBackup: securePlannedFrom(open),
    ...databaseWorkFrom(toolsOver(way, data, open)),
  };
}

/** As a session of the client that is lost. */
const TERMINATED = new Error('Connection terminated unexpectedly');

const broken = (): Error => TERMINATED;
const DATABASE_SITES = {
  take: site('backup.take', false, broken),
  restore: site('backup.restore', true, broken),
  parts: site('backup.parts', false, broken),
  remove: site('backup.remove', true, broken),
  applied: site('migration.applied', false, () => unreachable('none')),
  apply: site('migration.apply', true, () => unreachable('unknown')),
  schema: site('database.schema', false, () => unreachable('none')),
  ask: site('database.ask', false, () => unreachable('none')),
  try: site('release.try', false, () => operationalError('agent-unreachable', 'It was lost.')),
} as const;

function site(name: string, changes: boolean, lost: () => Error): CallSite {
  return { name, changes, acts: true, lost };
}

function unreachable(effect: 'none' | 'unknown'): Error {
  const message = 'The session with the database was lost.';
  return operationalError('database-unreachable', message, { effect });
}

type Reach = <Result>(
  verb: keyof typeof DATABASE_SITES,
  context: { readonly signal: AbortSignal } | null,
  act: () => Result | Promise<Result>,
) => Promise<Result>;

function reachOver({ network, process, weather }: Way): Reach {
  return (verb, context, act) => {
    const called = DATABASE_SITES[verb];
    return network.call(process, called, context?.signal ?? null, () => {
      if (weather.is('data-away')) throw called.lost();
      if (verb === 'apply' && weather.is('data-full')) {
        throw operationalError('migration-failed', 'No space left on device.', { effect: 'none' });
      }
      if (verb === 'apply' && weather.is('table-locked')) {
        throw operationalError('migration-blocked', 'Somebody holds a lock.', { effect: 'none' });
      }
      return act();
    });
  };
}

function schemaOf({ tables }: SimulatedContent): SchemaObjects {
  return Object.fromEntries(
    Object.entries(tables).map(([name, { columns }]) => [
      name,
      {
        [`table ${name}`]: '',
        ...Object.fromEntries(columns.map((column) => [`column ${name}.${column}`, ''])),
      },
    ]),
  );
}

function openOver(way: Way, data: SimulatedData): OpenPlanned {
  const reach = reachOver(way);
  const { databases, ring, moments } = data;
  const note = <Result>(verb: string, result: Result): Result => {
    if (verb === 'take') moments.push(result as SimulatedContent);
    return result;
  };
  return (of) => {
    const backup = simulatedBackup({
      ...{ databases, url: LIVE },
      reach: (verb, context, act) => reach(verb, context, () => note(verb, act())),
    });
    const store = blobsOver(way, data);
    const { clock } = way.process;
    const work = { backup, store, ring, clock, signal: of.signal, ...workingAlone };
    return Promise.resolve({ work, wanted: wantedOf(of), probe: null });
  };
}

/** As a folder's errors are. */
function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: the folder`), { code, errno: -5, syscall: 'open' });
}

const LOST_BLOB = systemError('EIO');
const FULL = systemError('ENOSPC');
const lostBlob = (): Error => LOST_BLOB;
const BLOB_SITES = {
  put: site('blobs.put', true, lostBlob),
  get: site('blobs.get', false, lostBlob),
  list: site('blobs.list', false, lostBlob),
  remove: site('blobs.remove', true, lostBlob),
} as const;

function blobsOver({ network, process, weather }: Way, { blobs }: SimulatedData): BlobStore {
  return memoryBlobs(blobs, (verb, act) =>
    network.call(process, BLOB_SITES[verb], null, () => {
      if (weather.is('store-away')) throw LOST_BLOB;
      if (verb === 'put' && weather.is('data-full')) throw FULL;
      return act();
    }),
  );
}

function toolsOver(way: Way, data: SimulatedData, openBackup: OpenPlanned): DatabaseTools {
  const reach = reachOver(way);
  const contentAt = (url: string): SimulatedContent => {
    const content = data.databases.contents.get(url);
    if (!content) throw unreachable('none');
    return content;
  };
  return {
    openBackup,
    migratorOf: () => simulatedMigrator(data.databases, reach),
    textsOf: (_migrator, { now }) =>
      Promise.resolve(
        now.map((planned) => ({ ...planned, path: '', text: data.texts[planned.name] ?? '' })),
      ),
    schemaOf: (url, _apart, signal) => reach('schema', { signal }, () => schemaOf(contentAt(url))),
    ask: async (url, invariants, signal) => {
      const tables = await reach('ask', { signal }, () => contentAt(url).tables);
      return invariants.map(({ name, query: table }) => {
        const rows = tables[table]?.rows.length ?? 0;
        const state = rows > 0 ? 'met' : 'unmet';
        return { what: `invariant ${name}`, observed: `${rows}`, limit: 'true', state };
      });
    },
    releasesOf: ({ service: { stable, candidate } }) => {
      const tried = (version: string, isNew: boolean): TriedRelease => ({
        ...{ what: version, version },
        async tryOn({ environment, signal }) {
          const url = environment['DATABASE_URL'] ?? '';
          const lives = await reach('try', { signal }, () => canLiveWith(contentAt(url), isNew));
          const state = lives ? 'met' : 'unmet';
          return { what: version, observed: `${lives}`, limit: 'every probe passes', state };
        },
      });
      const serves = stable ? [tried(stable.release.version, false)] : [];
      return Promise.resolve([...serves, tried(candidate.release.version, true)]);
    },
    evidenceOf: () => '/evidence',
  };
}
