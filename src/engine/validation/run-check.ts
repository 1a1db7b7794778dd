/** One check: its tool is run, what it reports is read and judged, and all of that is kept as evidence. */
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { CheckConfig } from '../../config/system-config.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import { judgeReport, type Circumstances } from '../../core/validation/judge-report.ts';
import type { Outcome } from '../../core/validation/outcome.ts';
import { addFact, newTally, plainly, type Tally } from '../../core/validation/tally.ts';
import type { ReportReader, ReportSource } from '../../drivers/contract.ts';
import { elapsedMs, type Clock } from '../../platform/clock.ts';
import { digestFile } from '../../platform/digest-file.ts';
import { findProgram } from '../../platform/find-program.ts';
import { isSystemError } from '../../platform/is-system-error.ts';
import { runTool, type ToolEnd } from '../../platform/run-tool.ts';

export interface NamedCheck extends CheckConfig {
  readonly name: string;
  /** Null of one that prepares others. */
  readonly reader: ReportReader | null;
}

export interface CheckRun {
  readonly check: NamedCheck;
  /** What is checked, which the tool may change as it likes. */
  readonly directory: string;
  /** Of this check alone; made here. */
  readonly evidence: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What to put before the command to keep it to its processors. */
  readonly keeper: readonly string[];
  readonly maskLine: (line: string) => string;
  readonly onLine: (line: string) => void;
  readonly clock: Clock;
  /** Ends it before its time. */
  readonly signal: AbortSignal;
}

export interface CheckResult {
  readonly name: string;
  readonly row: string | null;
  readonly outcome: Outcome;
  /** In one sentence, of what its criteria do not tell; null when they do. */
  readonly because: string | null;
  readonly criteria: readonly Criterion[];
  readonly tool: Tally['tool'];
  readonly command: readonly string[];
  /** RFC 3339; null of what did not run. */
  readonly startedAt: string | null;
  readonly durationMs: number;
  /** Null when it did not end by itself, or did not run. */
  readonly exitCode: number | null;
  readonly evidence: { readonly log: string; readonly report: KeptReport | null } | null;
}

export interface KeptReport {
  readonly path: string;
  readonly bytes: number;
  readonly digest: `sha256:${string}`;
}

type Judged = Pick<CheckResult, 'outcome' | 'because' | 'criteria' | 'tool'>;

/** Throws only for what is no matter of the check: a disk that is full, a bug. */
export async function runCheck(run: CheckRun): Promise<CheckResult> {
  const { check, clock, evidence } = run;
  const startedNs = clock.monotonicNs();
  const startedAt = new Date(clock.wallMs()).toISOString();
  await mkdir(evidence, { recursive: true, mode: 0o700 });
  await plant(run);
  const paths = { log: join(evidence, 'log.txt'), report: join(evidence, 'report') };
  const deadline = clock.deadline(check.timeout);
  const end = await runLogged(run, paths, AbortSignal.any([run.signal, deadline.signal]));
  deadline.release();
  const report = check.reader ? await keptReport(paths.report) : null;
  const judged = await judgedBy(run, end, report, deadline.hasPassed());
  return {
    ...{ name: check.name, row: check.row ?? null, ...judged, command: check.run, startedAt },
    durationMs: Math.round(elapsedMs(clock, startedNs)),
    exitCode: end.kind === 'exited' ? end.code : null,
    evidence: { log: paths.log, report },
  };
}

async function plant({ check, directory }: CheckRun): Promise<void> {
  for (const [path, text] of Object.entries(check.plant)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

async function runLogged(
  run: CheckRun,
  paths: { readonly log: string; readonly report: string },
  signal: AbortSignal,
): Promise<ToolEnd> {
  const { check, directory, keeper, maskLine, onLine, clock } = run;
  const environment = { ...run.environment, ...check.env };
  const writesItself = check.run.some((word) => word.includes(REPORT));
  const [name = '', ...args] = check.run.map((word) => word.replaceAll(REPORT, paths.report));
  const program = await programOf(name, directory, environment);
  if (typeof program !== 'string') return program;
  const [first = '', ...others] = [...keeper, program, ...args];
  const log = createWriteStream(paths.log, { mode: 0o600 });
  try {
    return await runTool({
      ...{ program: first, args: others, directory, environment, clock, signal },
      outputFile: check.reader && !writesItself ? paths.report : null,
      onLine: (line) => {
        const masked = maskLine(line);
        writeLine(log, masked);
        onLine(masked);
      },
    });
  } finally {
    log.end();
    await finished(log);
  }
}

const REPORT = '{report}';
const LOG_BYTES_MAX = 64 * 1024 * 1024;

/** What a tool prints without end must not fill the disk. */
function writeLine(log: WriteStream, line: string): void {
  if (log.bytesWritten + log.writableLength < LOG_BYTES_MAX) log.write(`${line}\n`);
}

async function programOf(
  name: string,
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<string | ToolEnd> {
  try {
    return await findProgram(name, directory, environment['PATH'] ?? '');
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    return { kind: 'not-started', reason: error.message };
  }
}

/** Null when none was written. */
async function keptReport(path: string): Promise<KeptReport | null> {
  try {
    const { hex, bytes } = await digestFile(path);
    return { path, bytes, digest: `sha256:${hex}` };
  } catch (error) {
    if (isSystemError(error) && NO_FILE.has(error.code)) return null;
    throw error;
  }
}

/** A tool may have made a folder of that name. */
const NO_FILE: ReadonlySet<unknown> = new Set(['ENOENT', 'EISDIR']);

async function judgedBy(
  { check: { reader, plant: planted, timeout }, signal, clock }: CheckRun,
  end: ToolEnd,
  report: KeptReport | null,
  isOverdue: boolean,
): Promise<Judged> {
  switch (end.kind) {
    case 'not-started':
      return failed(end.reason);
    case 'killed':
      return failed(`It was killed by ${end.signal}.`);
    case 'ended':
      return failed(isOverdue ? `It took longer than ${timeout} ms.` : reasonOf(signal));
    case 'exited':
      if (reader === null) return prepared(end.code);
      if (report === null) return failed(`It wrote no report, and ended with ${end.code}.`);
      return judgedReport(reader, report, {
        planted: Object.keys(planted),
        nowMs: clock.wallMs(),
      });
  }
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : 'It was stopped.';
}

function prepared(code: number): Judged {
  if (code !== 0) return failed(`It ended with ${code}.`);
  return { outcome: 'PASS', because: null, criteria: [], tool: null };
}

function failed(because: string): Judged {
  return { outcome: 'ERROR', because, criteria: [], tool: null };
}

async function judgedReport(
  reader: ReportReader,
  report: KeptReport,
  circumstances: Circumstances,
): Promise<Judged> {
  const tally = newTally();
  const source: ReportSource = {
    bytes: report.bytes,
    chunks: () => createReadStream(report.path) as AsyncIterable<Buffer>,
  };
  try {
    for await (const fact of reader.read(source)) {
      addFact(tally, fact, { ...plainly, planted: circumstances.planted });
    }
  } catch (error) {
    if (!(error instanceof OperationalError) || error.failure.code !== 'report-invalid')
      throw error;
    return failed(`Its report cannot be read. ${error.message}`);
  }
  return { ...judgeReport(reader.rule, tally, circumstances), because: null, tool: tally.tool };
}
