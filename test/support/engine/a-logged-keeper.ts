/** Who keeps backups and the log of a server that is in memory: its words, one a transaction, four to a segment of its log. */
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { damagedBackup } from '../../../src/core/backup/damaged-backup.ts';
import { segmentId } from '../../../src/core/backup/log-segment-id.ts';
import type {
  Backup,
  LogSegment,
  Restored,
  RestoredMoment,
} from '../../../src/drivers/contract.ts';
import { copyLog } from '../../../src/engine/backup/copy-log.ts';
import { keptBackups, type KeptWork } from '../../../src/engine/backup/kept-backups.ts';
import { withLogReach } from '../../../src/engine/backup/kept-log.ts';
import { listBackups } from '../../../src/engine/backup/list-backups.ts';
import { restoreMoment } from '../../../src/engine/backup/restore-moment.ts';
import { takeBackup } from '../../../src/engine/backup/take-backup.ts';
import { verifyBackup } from '../../../src/engine/backup/verify-backup.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export const LOGGED_SOURCE = 'production/newsroom/main';
const BEGAN_MS = Date.parse('2026-05-01T10:00:00Z');

type Word = readonly [atMs: number, word: string];

/** A second passes with each word, and with each look at the clock of the server. */
export async function aLoggedKeeper(t: TestContext, host: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder(t);
  const server = aServer();
  const next = async (environment = host): Promise<KeptWork> => {
    const clock = { ...systemClock, wallMs: () => server.nowMs() };
    const signal = new AbortController().signal;
    const given = { backup: server.backup, clock, signal, host: environment, place: null };
    return (await keptBackups(folder, given)).work;
  };
  const work = await next();
  const of = { source: LOGGED_SOURCE, driver: 'words' };
  return {
    ...{ server, work, next, folder, kept: join(folder, 'backups', LOGGED_SOURCE) },
    copy: (by = work) => copyLog(by, of),
    async take(id: string, { isVerified = true, by = work } = {}): Promise<void> {
      await takeBackup(by, { ...of, id });
      const place = { source: LOGGED_SOURCE, id };
      if (isVerified) await verifyBackup(by, place, { partsMin: 1, probe: null });
    },
    async list(by = work) {
      const listed = await listBackups(by, { source: LOGGED_SOURCE, ageMaxMs: 1e12 });
      return withLogReach(by, LOGGED_SOURCE, listed);
    },
    /** Its words; throws what restoring throws. */
    async wordsAt(at: string, by = work): Promise<string> {
      const asked = { source: LOGGED_SOURCE, at, partsMin: 1, progress: () => undefined };
      const end = await restoreMoment(by, asked);
      return end.kind === 'restored' ? end.restored.address : end.kind;
    },
  };
}

/** `forget`: it has that many of its oldest segments no more, whatever was to be kept. */
function aServer() {
  let [nowMs, forgotten, released, stretch] = [BEGAN_MS, 0, 0, 'words'];
  let written: Word[] = [];
  let segments: Word[][] = [];
  let open: Word[] = [];
  const time = (ms = nowMs): string => new Date(ms).toISOString();
  const idOf = (index: number): string => segmentId({ stretch, number: index });
  const write = (word: string): string => {
    nowMs += 1_000;
    const entry = [nowMs, word] as const;
    if (word !== '') written.push(entry);
    open.push(entry);
    if (open.length === 4) end();
    return time();
  };
  function end(): void {
    segments.push(open);
    open = [];
  }
  const contentOf = async function* (words: readonly Word[]): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from(JSON.stringify(words)));
  };
  const backup: Backup = {
    take() {
      const [words, after] = [[...written], idOf(segments.length)];
      end();
      nowMs += 1_000;
      const start = { after, at: time() };
      return Promise.resolve({
        ...{ server: 'words 1', content: contentOf(words), parts: () => partsOf(words) },
        ...{ logStart: () => start, close: () => Promise.resolve() },
      });
    },
    restore: async (content) => restoredOf(await wordsIn(content)),
    log: {
      open() {
        nowMs += 1_000;
        const until = time();
        write('');
        if (open.length > 0) end();
        const there = segments.map((words, index): LogSegment => {
          return { id: idOf(index), content: () => contentOf(words) };
        });
        return Promise.resolve({
          ...{ server: 'words 1', until, segments: there.slice(forgotten) },
          release: (id) => Promise.resolve(void (released = there.findIndex((s) => s.id === id))),
          close: () => Promise.resolve(),
        });
      },
      end: () => Promise.resolve(true),
      async restoreAt(content, { at, segments: given }): Promise<RestoredMoment> {
        const words = [...(await wordsIn(content))];
        for await (const segment of given) {
          for (const word of await wordsIn(segment.content())) {
            if (time(word[0]) > at) {
              const found = words.filter(([, text]) => text !== '');
              return { ...restoredOf(found), reached: `stopping before ${time(word[0])}` };
            }
            words.push(word);
          }
        }
        throw damagedBackup('recovery ended before the target was reached');
      },
    },
  };
  return {
    ...{ backup, write, time, nowMs: () => nowMs },
    released: () => released,
    forget(count = segments.length) {
      forgotten = count;
    },
    /** It is another one from now on. */
    replace() {
      stretch = 'another';
      [written, segments, open, forgotten] = [[], [], [], 0];
    },
  };
}

async function wordsIn(content: AsyncIterable<Uint8Array>): Promise<readonly Word[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(Buffer.from(piece));
  return JSON.parse(Buffer.concat(pieces).toString()) as readonly Word[];
}

function partsOf(words: readonly Word[]) {
  const text = words.map(([, word]) => word).join(' ');
  return Promise.resolve([{ name: 'words', size: words.length, hash: text }]);
}

/** Its address is what it holds. */
function restoredOf(words: readonly Word[]): Restored {
  return {
    ...{ parts: () => partsOf(words), faults: () => Promise.resolve([]) },
    address: words.map(([, word]) => word).join(' '),
    ...{ keep: () => Promise.resolve(), remove: () => Promise.resolve() },
  };
}
