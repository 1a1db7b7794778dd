import { createInterface } from 'node:readline';
import { errorText } from './error-text.ts';
import { LoadUsageError, parseLoadOptions, usage, type LoadOptions } from './load-options.ts';
import type { Mix } from './mix.ts';
import { newsroomAssetsMix, newsroomMix } from './newsroom-mix.ts';
import { startLoad, type LoadReport, type LoadRun } from './start-load.ts';

/**
 * The independent load client: a process of its own that shares no code with what it measures. Returns
 * its exit code: 0 the run is complete (errors of the system under load are its result, not its
 * failure), 1 a write was lost or done twice or the run could not be made, 2 wrong usage.
 */
export async function loadClient(
  args: readonly string[],
  mixes: readonly Mix[],
): Promise<0 | 1 | 2> {
  try {
    const options = parseLoadOptions(args, { mix: mixes[0]?.name ?? '', nowMs: Date.now() });
    const mix = mixes.find(({ name }) => name === options.mix);
    if (mix === undefined) {
      const names = mixes.map(({ name }) => name).join(', ');
      throw new LoadUsageError(`--mix takes ${names}`);
    }
    const run = await startLoad(options, mix);
    const report = await controlled(run, options);
    print({ summary: report.summary, ...verificationOf(report) });
    return report.verification?.holds === false ? 1 : 0;
  } catch (error) {
    if (error instanceof LoadUsageError) {
      process.stderr.write(`load-client: ${error.message}\n${usage}\n`);
      return 2;
    }
    process.stderr.write(`load-client: ${errorText(error)}\n`);
    return 1;
  }
}

/** Obeys signals and stdin until the run is done, and leaves nothing behind that keeps the process. */
async function controlled(run: LoadRun, options: LoadOptions): Promise<LoadReport> {
  const lines = createInterface({ input: process.stdin });
  const progress = options.json ? undefined : setInterval(() => showProgress(run), 5000);
  lines.on('line', (line) => {
    obey(run, line.trim(), options.json);
  });
  process.on('SIGTERM', run.stop);
  process.on('SIGINT', run.stop);
  // Only now: whoever reads this may send a signal at once.
  if (options.json) print({ started: { runId: options.runId, atMs: Date.now() } });
  try {
    return await run.done;
  } finally {
    clearInterval(progress);
    process.off('SIGTERM', run.stop);
    process.off('SIGINT', run.stop);
    lines.close();
    process.stdin.destroy();
  }
}

function obey(run: LoadRun, line: string, json: boolean): void {
  if (line === 'stop') run.stop();
  else if (line === 'count') print({ count: run.counts() });
  else if (line.startsWith('mark ')) {
    run.mark(line.slice('mark '.length).trim());
    if (json) print({ marked: line.slice('mark '.length).trim() });
    else process.stdout.write('marked\n');
  } else if (line !== '') process.stderr.write(`load-client: unknown command "${line}"\n`);
}

function verificationOf({ verification }: LoadReport): object {
  return verification === null ? {} : { verification };
}

function showProgress(run: LoadRun): void {
  const { requests, failed, unknown, inFlight } = run.counts();
  process.stderr.write(
    `${requests} requests, ${failed} failed, ${unknown} unknown, ${inFlight} in flight\n`,
  );
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

if (import.meta.main) {
  process.exitCode = await loadClient(process.argv.slice(2), [newsroomMix, newsroomAssetsMix]);
}
