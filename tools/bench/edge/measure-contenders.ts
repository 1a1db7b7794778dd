/** All proxies one after the other, round by round, so that what else the machine does meets each. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../stand/free-port.ts';
import { quantile } from '../../../src/core/model/quantile.ts';
import type { Say } from '../run-bench.ts';
import { endProcess, spawnOn, untilAccepts, type Contender } from './contender.ts';
import { cpuSecondsOf } from './cpu-seconds-of.ts';
import type { LoadGenerator } from './load-generator.ts';
import { startEdgeContender } from './start-edge-contender.ts';
import { startHaproxy, startHttpProxy3 } from './start-rivals.ts';

const ROUNDS = 15;
const ROUND_SECONDS = 3;
const WARM_UP_SECONDS = 3;

const upstreamProgram = new URL('./instant-upstream-main.ts', import.meta.url).pathname;

export interface Round {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly p99Ms: number;
  readonly failed: number;
}

/** Of each contender its rounds, in the same order. */
export type Measured = Readonly<Partial<Record<Contender['name'], readonly Round[]>>>;

export async function measureContenders(
  generator: LoadGenerator,
  options: { readonly withHaproxy: boolean },
  say: Say,
): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'sf-b-'));
  const [stable, candidate] = [await freePort(), await freePort()];
  const closers: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const keep = (contender: Contender): Contender => {
    closers.unshift(() => contender.close());
    return contender;
  };
  try {
    const args = [upstreamProgram, String(stable), String(candidate)];
    const upstream = spawnOn('load', process.execPath, args);
    closers.unshift(() => endProcess(upstream));
    await untilAccepts(candidate);
    const contenders = [
      keep({ name: 'none', port: stable, pids: [], close: () => Promise.resolve() }),
      keep(await startEdgeContender(folder, { stable, candidate })),
      ...(options.withHaproxy ? [keep(await startHaproxy(folder, stable))] : []),
      keep(await startHttpProxy3(stable)),
    ];
    return await measureRounds(contenders, generator, say);
  } finally {
    for (const close of closers) await close();
  }
}

async function measureRounds(
  contenders: readonly Contender[],
  generator: LoadGenerator,
  say: Say,
): Promise<Measured> {
  const measured: Partial<Record<Contender['name'], Round[]>> = {};
  for (const { port } of contenders) await generator.run(urlAt(port), WARM_UP_SECONDS);
  for (let round = 1; round <= ROUNDS; round += 1) {
    say(`Round ${round} of ${ROUNDS} …`);
    for (const contender of contenders) {
      (measured[contender.name] ??= []).push(await measureOne(contender, generator));
    }
  }
  return measured;
}

async function measureOne({ port, pids }: Contender, generator: LoadGenerator): Promise<Round> {
  const before = cpuSecondsOf(pids);
  const { requests, perSecond, p99Ms, failed } = await generator.run(urlAt(port), ROUND_SECONDS);
  return { perSecond, cpuUs: ((cpuSecondsOf(pids) - before) * 1e6) / requests, p99Ms, failed };
}

export function medianOf(rounds: readonly Round[], figure: keyof Round): number {
  return quantile(
    rounds.map((round) => round[figure]),
    0.5,
  );
}

function urlAt(port: number): string {
  return `http://127.0.0.1:${port}/`;
}
