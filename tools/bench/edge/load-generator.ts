/**
 * Who sends the requests: wrk where it is installed, which takes little of the processor, or else
 * autocannon, which takes more than a fast proxy does and so is in its way.
 */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { onCore } from './on-core.ts';

const CONNECTIONS = 64;

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p99Ms: number;
  /** Answers other than 200 and connections that broke. */
  readonly failed: number;
}

export interface LoadGenerator {
  readonly name: 'wrk' | 'autocannon';
  run(url: string, seconds: number): Promise<LoadResult>;
}

const run = promisify(execFile);

export async function findLoadGenerator(): Promise<LoadGenerator> {
  try {
    // It knows no flag for its version that does not also fail.
    await run('which', ['wrk']);
    return { name: 'wrk', run: runWrk };
  } catch {
    return { name: 'autocannon', run: runAutocannon };
  }
}

async function runWrk(url: string, seconds: number): Promise<LoadResult> {
  const args = ['-t', '1', '-c', String(CONNECTIONS), '-d', `${seconds}s`, '--latency', url];
  const { stdout } = await run(...onCore('load', 'wrk', args));
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  const [, p99 = '', unit = ''] = /99%\s+([\d.]+)(us|ms|s)\b/.exec(stdout) ?? [];
  const p99Ms = Number(p99) * ({ us: 0.001, ms: 1, s: 1_000 }[unit] ?? NaN);
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(
    stdout,
  );
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(stdout);
  const failed = [...(broken?.slice(1) ?? []), ...(bad?.slice(1) ?? [])].map(Number);
  if (!Number.isFinite(requests + perSecond + p99Ms)) throw new Error(`wrk said: ${stdout}`);
  return { requests, perSecond, p99Ms, failed: failed.reduce((sum, count) => sum + count, 0) };
}

async function runAutocannon(url: string, seconds: number): Promise<LoadResult> {
  const program = createRequire(import.meta.url).resolve('autocannon');
  const args = [program, '-c', String(CONNECTIONS), '-d', String(seconds), '--json', url];
  const { stdout } = await run(...onCore('load', process.execPath, args));
  const result = JSON.parse(stdout) as {
    readonly requests: { readonly total: number; readonly average: number };
    readonly latency: { readonly p99: number };
    readonly non2xx: number;
    readonly errors: number;
  };
  const { requests, latency, non2xx, errors } = result;
  return {
    requests: requests.total,
    perSecond: requests.average,
    p99Ms: latency.p99,
    failed: non2xx + errors,
  };
}
