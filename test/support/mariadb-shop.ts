import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Backup } from '../../src/drivers/contract.ts';
import { mysqlBackup } from '../../src/drivers/backup/mysql/driver.ts';
import { ownMariadb, type OwnMariadb } from './own-mariadb.ts';

const PROGRAM = '/usr/sbin/mariadbd';

/** For `describe`: false where its programs are there. */
export const mariadbIsMissing: string | false = [
  ...[PROGRAM, '/usr/bin/mariadb', '/usr/bin/mariadb-dump'],
].every((path) => existsSync(path))
  ? false
  : "needs Debian's mariadb-server";

export interface MariadbShop {
  readonly server: OwnMariadb;
  readonly state: string;
  readonly aBackup: (url?: string, programs?: string) => Backup;
  /** Anew: 1,000 of them and nothing else. */
  readonly withOrders: () => Promise<void>;
  readonly leftovers: () => Promise<readonly string[]>;
}

/** A server of its own with a database `shop`; one for all tests of a file. */
export function aMariadbShop(): MariadbShop {
  const server = ownMariadb(PROGRAM);
  const state = mkdtempSync(join(tmpdir(), 'sf-'));
  after(() => rmSync(state, { recursive: true }));
  return {
    ...{ server, state },
    aBackup: (url = server.url('shop'), programs) =>
      mysqlBackup.connect(
        { url, ...(programs === undefined ? {} : { programs }) },
        { stateDirectory: state },
      ),
    async withOrders() {
      await server.run(
        '',
        'DROP DATABASE IF EXISTS shop',
        'CREATE DATABASE shop CHARACTER SET utf8mb4',
      );
      await server.run(
        'shop',
        'CREATE TABLE orders (id int PRIMARY KEY AUTO_INCREMENT, what text NOT NULL)',
        "INSERT INTO orders (what) SELECT CONCAT('order ', seq, REPEAT(MD5(seq), 20)) FROM seq_1_to_1000",
      );
    },
    leftovers: () =>
      Promise.resolve(readdirSync(tmpdir()).filter((name) => name.startsWith('surefoot-mysql-'))),
  };
}
