/** A chain of checks that ask a preview of a small server, which does what its tests want. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { httpProbe } from '../../../src/drivers/probe/http/driver.ts';
import { sarifReport } from '../../../src/drivers/report/sarif/driver.ts';
import type { PreviewPlan } from '../../../src/engine/validation/preview-plan.ts';
import {
  runChain,
  type ChainProgress,
  type ChainRun,
} from '../../../src/engine/validation/run-chain.ts';
import type { CheckResult } from '../../../src/engine/validation/check-result.ts';
import type { NamedCheck } from '../../../src/engine/validation/run-check.ts';
import { aCheck } from '../validation/checks.ts';
import { systemClock, type Clock } from '../../../src/platform/clock.ts';
import { findLaunchedProcesses } from '../../../src/platform/launched-processes.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Tells its launch, answers `/health`, and does what is in `paths`. */
export function aServer(paths: Readonly<Record<string, string>> = {}, first = ''): string {
  const cases = Object.entries(paths).map(([path, does]) => `case '${path}': ${does}; break;`);
  return `
    console.log('launch ' + process.env.SUREFOOT_LAUNCH + ' on ' + process.env.PORT);
    ${first}
    require('node:http').createServer((request, response) => {
      switch (request.url) { ${cases.join(' ')} }
      if (!response.writableEnded) response.end(process.env.SUREFOOT_RELEASE + ' ' + process.env.WHO);
    }).listen(process.env.PORT, process.env.HOST);
  `;
}

const REPORT = JSON.stringify({
  version: '2.1.0',
  runs: [{ tool: { driver: { name: 'asker', version: '1' } }, artifacts: [{}], results: [] }],
});

/**
 * Asks the preview, whatever the answer, and reports that it has found nothing: when its time is over, and so many
 * readings lie beside the report.
 */
const ASKER = `
  const fs = require('node:fs');
  const [url, forMs, readings, report] = process.argv.slice(1);
  const samples = report.replace(/work\\/report-(.*)$/, 'evidence/$1/samples.jsonl');
  const read = () => readings === '0' || fs.readFileSync(samples, 'utf8').split('\\n').length > Number(readings);
  fetch(url).then((answer) => answer.text()).catch(String).then((text) => {
    console.log(text);
    const end = () => (read() ? fs.writeFileSync(report, ${JSON.stringify(REPORT)}) : setTimeout(end, 50));
    setTimeout(end, Number(forMs));
  });
`;

const sarif = sarifReport.connect(
  { level: 'medium', max: 0, suppressed: 0, covered: 1 },
  { stateDirectory: '' },
);

export function asks(
  name: string,
  path: string,
  {
    forMs = 0,
    readings = 0,
    ...changes
  }: Partial<NamedCheck> & { readonly forMs?: number; readonly readings?: number } = {},
): NamedCheck {
  const run = ['node', '-e', ASKER, `{preview.url}${path}`, `${forMs}`, `${readings}`, '{report}'];
  return aCheck(name, { row: 'V7', reader: sarif, run, preview: true, ...changes });
}

export function aPreview(changes: Partial<PreviewPlan> = {}): PreviewPlan {
  const config = httpProbe.config.parse({ path: '/health' });
  return {
    ...{ path: null, artifact: '', needs: [], env: { WHO: 'target' }, ready: 30_000 },
    release: { version: '2.0', configDigest: 'sha256:0' },
    ...{ command: ['node', 'server.js'], stopGraceMs: 1_000 },
    ports: { from: 20_000, to: 29_999 },
    restore: null,
    probes: [{ name: 'health', probe: httpProbe.connect(config, { stateDirectory: '' }) }],
    ...changes,
  };
}

export interface PreviewedChain {
  readonly run: ChainRun;
  readonly events: readonly ChainProgress[];
  /** By name. */
  readonly results: () => Promise<Readonly<Record<string, CheckResult>>>;
  /** What the server printed. */
  readonly printed: () => string;
  /** Processes of the preview that still run. */
  readonly left: () => Promise<number>;
}

export function aPreviewedChain(
  t: TestContext,
  server: string,
  checks: readonly NamedCheck[],
  {
    preview,
    ...changes
  }: Partial<Omit<ChainRun, 'preview'>> & { preview?: Partial<PreviewPlan> } = {},
): PreviewedChain {
  const folder = temporaryFolder(t);
  const source = join(folder, 'source');
  mkdirSync(source);
  writeFileSync(join(source, 'server.js'), server);
  const events: ChainProgress[] = [];
  const run: ChainRun = {
    ...{ checks, source, stateDirectory: join(source, '.surefoot') },
    ...{ workDirectory: join(folder, 'work'), evidence: join(folder, 'evidence') },
    environment: { PATH: process.env['PATH'] ?? '' },
    cpus: { numbers: [0, 1], taskset: null },
    preview: aPreview({ artifact: source, ...preview }),
    ...{ timeBoxMs: 600_000, secretValues: [], onEvent: (event) => events.push(event) },
    ...{ self: ['/usr/bin/env', 'node'], reuse: null },
    judgedBy: () => Promise.resolve({ nowMs: 0, excuseOf: () => null, baseline: { kind: 'none' } }),
    ...{ clock: systemClock, signal: new AbortController().signal },
    ...changes,
  };
  const printed = () => readFileSync(join(run.evidence, 'preview', 'preview.log'), 'utf8');
  return {
    ...{ run, events, printed },
    results: async () =>
      Object.fromEntries(
        (await runChain(run)).checks.map((result) => [result.name, result] as const),
      ),
    async left() {
      const launches = [...printed().matchAll(/^launch (\S+)/gm)].map(([, launch]) => launch ?? '');
      const found = await Promise.all(
        launches.map((launch) => findLaunchedProcesses(launch, null)),
      );
      return found.flat().length;
    },
  };
}

/** On which a wait of so many ms is a short one. */
export function hasteningClock(ms: number): Clock {
  const deadline: Clock['deadline'] = (asked) => systemClock.deadline(asked === ms ? 300 : asked);
  return { ...systemClock, deadline };
}

/** Its time goes on by what is slept alone, and a sleep is short: so readings come when they are due, on any machine. */
export function steppingClock(): Clock {
  let nowNs = 0n;
  return {
    ...systemClock,
    monotonicNs: () => nowNs,
    async sleep(ms, signal) {
      await systemClock.sleep(Math.min(ms, 50), signal);
      nowNs += BigInt(Math.ceil(ms * 1e6));
    },
  };
}
