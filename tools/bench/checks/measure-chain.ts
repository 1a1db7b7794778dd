/** The same tools by a chain and by a plain script beside it, side by side on the same processors. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { quantile } from '../../../src/core/model/quantile.ts';
import { sarifReport } from '../../../src/drivers/report/sarif/driver.ts';
import { runChain } from '../../../src/engine/validation/run-chain.ts';
import type { NamedCheck } from '../../../src/engine/validation/run-check.ts';
import { allowedCpus, type AllowedCpus } from '../../../src/platform/allowed-cpus.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { Say } from '../run-bench.ts';

export interface ChainFigures {
  readonly tools: number;
  /** Each; in ms. */
  readonly chain: readonly number[];
  readonly plain: readonly number[];
  /** Medians over the rounds, in each of which both met the same machine. */
  readonly overhead: number;
}

const TOOLS = 8;
/** Files of what is checked, of 10 kB each. */
const FILES = 100;

/** Is busy for a second, whatever else the machine does, and reports that it looked at every file. */
const TOOL = `
  const fs = require('node:fs');
  const untilMs = Date.now() + 1000;
  const artifacts = fs.readdirSync('.').map((uri) => ({ location: { uri } }));
  while (Date.now() < untilMs);
  const tool = { driver: { name: 'busy', version: '1.0' } };
  const text = JSON.stringify({ version: '2.1.0', runs: [{ tool, artifacts, results: [] }] });
  fs.writeFileSync(process.argv[1], text);
`;

export async function measureChain(rounds: number, say: Say): Promise<ChainFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'sf-b-'));
  try {
    const source = join(folder, 'source');
    await mkdir(source);
    for (let at = 0; at < FILES; at += 1) {
      await writeFile(join(source, `module-${at}.ts`), 'export const x = 1;\n'.repeat(500));
    }
    const cpus = await allowedCpus(process.env['PATH'] ?? '');
    const chain: number[] = [];
    const plain: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      plain.push(await timed(() => runPlainly(source, folder, cpus)));
      chain.push(await timed(() => runByChain(source, join(folder, `chain-${round}`), cpus)));
      say(
        `Round ${round + 1}: ${figure(plain.at(-1))} ms by a script, ${figure(chain.at(-1))} by a chain`,
      );
    }
    const ratios = chain.map((ms, round) => ms / (plain[round] ?? NaN) - 1);
    return { tools: TOOLS, chain, plain, overhead: quantile(ratios, 0.5) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** As many at once as there are processors, each on its own, as a script of people would. */
async function runPlainly(source: string, folder: string, cpus: AllowedCpus): Promise<void> {
  const waiting = Array.from({ length: TOOLS }, (_, at) => join(folder, `plain-${at}.sarif`));
  await Promise.all(
    cpus.numbers.map(async (cpu) => {
      for (let report = waiting.pop(); report !== undefined; report = waiting.pop()) {
        const [program = '', ...args] = [
          ...(cpus.taskset === null ? [] : [cpus.taskset, '-c', String(cpu)]),
          ...[process.execPath, '-e', TOOL, report],
        ];
        await promisify(execFile)(program, args, { cwd: source });
      }
    }),
  );
}

async function runByChain(source: string, folder: string, cpus: AllowedCpus): Promise<void> {
  const { checks } = await runChain({
    ...{ checks: theChecks(), source, stateDirectory: join(folder, 'state'), cpus },
    ...{ workDirectory: join(folder, 'work'), evidence: join(folder, 'evidence') },
    ...{ environment: { PATH: process.env['PATH'] ?? '' }, self: [] },
    ...{ reuse: null, preview: null },
    judgedBy: () => Promise.resolve({ nowMs: 0, excuseOf: () => null, baseline: { kind: 'none' } }),
    ...{ timeBoxMs: 600_000, secretValues: [], onEvent: () => undefined, clock: systemClock },
    signal: new AbortController().signal,
  });
  const failed = checks.find(({ outcome }) => outcome !== 'PASS');
  if (failed)
    throw new Error(`${failed.name} ended with ${failed.outcome}: ${failed.because ?? ''}`);
}

function theChecks(): readonly NamedCheck[] {
  const reader = sarifReport.connect(sarifReport.config.parse({}), { stateDirectory: '' });
  return Array.from({ length: TOOLS }, (_, at) => ({
    ...{ name: `busy-${at}`, run: [process.execPath, '-e', TOOL, '{report}'], reader, needs: [] },
    ...{ plant: {}, plantApart: {}, timeout: 60_000, cpus: 1, env: {} },
  }));
}

function figure(ms: number | undefined): string {
  return (ms ?? NaN).toFixed(0);
}
