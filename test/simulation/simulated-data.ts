/** The data of the service that is deployed: its live database, what was restored of it, and where its backups lie. */
import { randomBytes } from 'node:crypto';
import type { KeyRing } from '../../src/engine/backup/key-ring.ts';
import {
  createSimulatedDatabases,
  type SimulatedContent,
  type SimulatedDatabases,
} from '../../src/platform/simulated-databases.ts';
import type { ReleaseBehaviour } from './scenario.ts';

export interface SimulatedData {
  readonly databases: SimulatedDatabases;
  /** By path. */
  readonly blobs: Map<string, Buffer>;
  readonly ring: KeyRing;
  /** All that was ever taken: what a backup holds is one of them. */
  readonly moments: SimulatedContent[];
  /** What a migration says, by its name. */
  readonly texts: Readonly<Record<string, string>>;
  /** A client has written something, and was told so. */
  write(): void;
  acknowledged(): number;
  /** What runs changes the schema by itself, once. */
  alter(): void;
  isAltered(): boolean;
  live(): SimulatedContent;
}

export const LIVE = 'simulated://live/shop';
const ROWS_AT_FIRST = 5;

export function createSimulatedData(release: ReleaseBehaviour): SimulatedData {
  const rows = Array.from({ length: ROWS_AT_FIRST }, (_, at) => `row ${at + 1}`);
  const databases = createSimulatedDatabases({
    [LIVE]: { tables: { orders: { columns: ['id', 'code'], rows } }, applied: [] },
  });
  const live = (): SimulatedContent => {
    const content = databases.contents.get(LIVE);
    if (!content) throw new Error('The live database is gone.');
    return content;
  };
  let acknowledged = ROWS_AT_FIRST;
  let isAltered = false;
  return {
    databases,
    live,
    blobs: new Map(),
    ring: { keys: [{ id: 'simulated', key: randomBytes(32) }] },
    moments: [],
    texts: { '1.sql': 'column orders sum', '2.sql': SECOND[release] ?? 'table notes\nadd notes 1' },
    write() {
      acknowledged += 1;
      const { tables, ...content } = live();
      const { orders = { columns: [], rows: [] } } = tables;
      const written = { ...orders, rows: [...orders.rows, `row ${acknowledged}`] };
      databases.contents.set(LIVE, { ...content, tables: { ...tables, orders: written } });
    },
    acknowledged: () => acknowledged,
    alter() {
      if (isAltered) return;
      isAltered = true;
      const { tables, ...content } = live();
      const { orders = { columns: [], rows: [] } } = tables;
      const columns = orders.columns.filter((name) => name !== 'code');
      databases.contents.set(LIVE, {
        ...content,
        tables: { ...tables, orders: { ...orders, columns } },
      });
    },
    isAltered: () => isAltered,
  };
}

/** What is wrong with the second migration of a release. */
const SECOND: Readonly<Partial<Record<ReleaseBehaviour, string>>> = {
  'migration-fails': 'drop orders none',
  'loses-rows': 'table notes\nlose orders 2',
  'locks-long': 'table notes\nkeeps orders 5000',
  'breaks-old-code': 'table notes\ndrop orders id',
};

/** Whether code of a release can work with what it finds. */
export function canLiveWith({ tables }: SimulatedContent, isNew: boolean): boolean {
  return isNew ? 'notes' in tables : (tables['orders']?.columns.includes('id') ?? false);
}
