/** How long a large report takes to be judged, and how much memory; each time in a new process. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Say } from '../run-bench.ts';
import { writeSarif, type SarifSize } from './write-sarif.ts';

export interface JudgeFigures {
  readonly judgedMs: number;
  readonly peakMib: number;
  /** Of the first thing that was asked. */
  readonly found: string;
}

export interface Judging {
  readonly size: SarifSize;
  readonly runs: readonly JudgeFigures[];
}

const judgeMain = new URL('./judge-main.ts', import.meta.url).pathname;

export async function measureJudging(
  wished: Partial<SarifSize>,
  runs: number,
  say: Say,
): Promise<Judging> {
  const folder = await mkdtemp(join(tmpdir(), 'sf-b-'));
  try {
    const path = join(folder, 'report.sarif');
    const size = await writeSarif(path, wished);
    const figures: JudgeFigures[] = [];
    for (let run = 0; run < runs; run += 1) {
      const { stdout } = await promisify(execFile)(process.execPath, [judgeMain, path]);
      const found = JSON.parse(stdout) as JudgeFigures;
      say(`${found.judgedMs.toFixed(0)} ms, ${found.peakMib.toFixed(0)} MiB: ${found.found}`);
      figures.push(found);
    }
    return { size, runs: figures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
