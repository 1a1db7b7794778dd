/**
 * `npm run bench:backup`: how long a database takes to be backed up and verified, in what memory, how fast the encryption
 * is, and the ratio to `pg_dump` and `pg_restore`. `--megabytes` (1000), `--rounds` (3).
 */
import { loadavg } from 'node:os';
import { quantile } from '../../src/core/model/quantile.ts';
import { wholeNumber } from '../command-line/read-options.ts';
import {
  ownServer,
  packagedPrograms,
  packagedServer,
  type BenchServer,
} from './backup/bench-server.ts';
import { fillDatabase } from './backup/fill-database.ts';
import { measureCipher, type CipherFigures } from './backup/measure-cipher.ts';
import { measureDump, type DumpFigures } from './backup/measure-dump.ts';
import { measureRound, roundParts, type RoundFigures } from './backup/measure-rounds.ts';
import { atLeast, atMost, runBench, type Goal, type Say, type Table } from './run-bench.ts';

const VERIFIED_S_PER_GB_MAX = 90;
const ENCRYPTED_MB_S_MIN = 100;
const PEAK_MIB_MAX = 150;
const CIPHER_RUNS = 5;

interface Compared {
  readonly version: string;
  readonly dumps: readonly DumpFigures[];
  readonly rounds: readonly RoundFigures[];
}

await runBench(
  async (say, given) => {
    const megabytes = wholeNumber('megabytes', given['megabytes'] ?? '');
    const rounds = wholeNumber('rounds', given['rounds'] ?? '');
    const waiting = loadavg()[0];
    const ciphers: CipherFigures[] = [];
    for (let run = 0; run < CIPHER_RUNS; run += 1) ciphers.push(await measureCipher());
    const own = await withServer(ownServer(), megabytes, say, async (server, bytes) => {
      const found: RoundFigures[] = [];
      for (let round = 0; round < rounds; round += 1) {
        found.push(await aRound(server.url, null, say));
      }
      return { bytes, found };
    });
    const programs = await packagedPrograms();
    if (programs === null) say('pg_dump and pg_restore are not installed as packages: no ratio.');
    const compared = programs === null ? null : await compare(programs, { megabytes, rounds, say });
    return {
      bench: 'backup',
      goals: goalsOf(own, ciphers),
      distributions: {},
      facts: { waiting, database: own.bytes, ciphers, ratio: compared && ratioOf(compared) },
      tables: [partsTable(own), ...(compared ? [comparedTable(compared)] : [])],
    };
  },
  { megabytes: '1000', rounds: '3' },
);

async function withServer<Found>(
  starting: Promise<BenchServer>,
  megabytes: number,
  say: Say,
  work: (server: BenchServer, bytes: number) => Promise<Found>,
): Promise<Found> {
  const server = await starting;
  try {
    say(`A database of ${megabytes} MB …`);
    return await work(server, await fillDatabase(server.url, megabytes));
  } finally {
    await server.remove();
  }
}

async function aRound(url: string, programs: string | null, say: Say): Promise<RoundFigures> {
  const figures = await measureRound(url, programs);
  const parts = roundParts.map((part) => `${part} ${seconds(figures.parts[part])}`).join(', ');
  say(`${seconds(figures.totalMs)} s, ${figures.peakMib.toFixed(0)} MiB: ${parts}`);
  return figures;
}

/** In turn, on one server, so that both meet the same machine. */
async function compare(
  programs: string,
  {
    megabytes,
    rounds,
    say,
  }: { readonly megabytes: number; readonly rounds: number; readonly say: Say },
): Promise<Compared> {
  return withServer(packagedServer(programs), megabytes, say, async ({ url }) => {
    const found: { dumps: DumpFigures[]; rounds: RoundFigures[] } = { dumps: [], rounds: [] };
    for (let round = 0; round < rounds; round += 1) {
      const dump = await measureDump(url, programs);
      say(`pg_dump ${seconds(dump.dumpedMs)} s, pg_restore ${seconds(dump.restoredMs)} s`);
      found.dumps.push(dump);
      found.rounds.push(await aRound(url, programs, say));
    }
    return { version: programs, ...found };
  });
}

function goalsOf(
  own: { readonly bytes: number; readonly found: readonly RoundFigures[] },
  ciphers: readonly CipherFigures[],
): readonly Goal[] {
  const totalS = median(own.found.map(({ totalMs }) => totalMs)) / 1_000;
  const perGb = rounded(totalS / (own.bytes / 1e9), 1);
  const peak = Math.ceil(Math.max(...own.found.map(({ peakMib }) => peakMib)));
  const encrypted = Math.floor(median(ciphers.map((cipher) => cipher.encrypted)));
  const decrypted = Math.floor(median(ciphers.map((cipher) => cipher.decrypted)));
  return [
    atMost('taken and verified, median s per GB', perGb, VERIFIED_S_PER_GB_MAX),
    atMost("Surefoot's own peak memory, MiB", peak, PEAK_MIB_MAX),
    atLeast('encryption, MB/s', encrypted, ENCRYPTED_MB_S_MIN),
    atLeast('decryption, MB/s', decrypted, ENCRYPTED_MB_S_MIN),
  ];
}

function partsTable({
  bytes,
  found,
}: {
  readonly bytes: number;
  readonly found: readonly RoundFigures[];
}): Table {
  return {
    title: `PostgreSQL 18, ${(bytes / 1e6).toFixed(0)} MB, s`,
    rows: [
      ['round', ...roundParts, 'all', 'peak MiB'],
      ...found.map(({ parts, totalMs, peakMib }, round) => [
        String(round + 1),
        ...roundParts.map((part) => seconds(parts[part])),
        ...[seconds(totalMs), peakMib.toFixed(0)],
      ]),
    ],
  };
}

function comparedTable(compared: Compared): Table {
  const { version, dumps, rounds } = compared;
  const row = (name: string, ...ms: readonly number[]): readonly string[] => [
    name,
    ...ms.map(seconds),
  ];
  return {
    title: `In turn on a server of ${version}, medians of ${dumps.length}, s; ratio ${ratioOf(compared).toFixed(2)}`,
    rows: [
      ['by', 'taken', 'all'],
      row(
        'pg_dump -Fc, pg_restore',
        median(dumps.map(({ dumpedMs }) => dumpedMs)),
        median(dumps.map(wholeMs)),
      ),
      row(
        'taken and verified',
        median(rounds.map(({ parts }) => (parts.copied ?? NaN) + (parts.counted ?? NaN))),
        median(rounds.map(({ totalMs }) => totalMs)),
      ),
    ],
  };
}

/** Of the medians; below 1 Surefoot is quicker. */
function ratioOf({ dumps, rounds }: Compared): number {
  return rounded(median(rounds.map(({ totalMs }) => totalMs)) / median(dumps.map(wholeMs)), 3);
}

function wholeMs({ dumpedMs, restoredMs }: DumpFigures): number {
  return dumpedMs + restoredMs;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '-' : (ms / 1_000).toFixed(1);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
