/**
 * The whole job in about two minutes, for real: a first deployment, a good release, four bad ones and
 * a server that is killed in the middle, all under load from an independent client.
 */
import { join } from 'node:path';
import type { EventLine } from '../../src/api/contract/answers.ts';
import { readHistory } from '../load/history.ts';
import { startLoadProcess } from '../load/start-load-process.ts';
import { openNewsroomStand, type NewsroomStand } from '../stand/newsroom-stand.ts';
import { demoRow, type DemoSpan } from './demo-row.ts';
import { demoTable } from './demo-table.ts';

const loadClient = new URL('../load/load-client.ts', import.meta.url).pathname;
const REQUESTS_PER_SECOND = 150;
/** Longer than the demo; it is stopped when the last deployment has ended. */
const LOAD_SECONDS_MAX = 600;
/** Requests that began under a deployment may end after it. */
const LATE_MS = 5_000;

const isJson = process.argv.includes('--json');

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function emit(value: unknown): void {
  if (isJson) process.stdout.write(`${JSON.stringify(value)}\n`);
}

async function deploy(
  stand: NewsroomStand,
  release: string,
  about: string,
  onLine?: (line: EventLine) => void,
): Promise<DemoSpan> {
  say(`\n── ${release}: ${about}`);
  const fromMs = Date.now();
  const summary = await stand.deploy(release, (line) => {
    tell(line);
    onLine?.(line);
  });
  const span = { summary, fromMs, toMs: Date.now() };
  emit({ deployment: summary });
  return span;
}

/** One line for what moves traffic or decides; the rest is in `surefoot watch`. */
function tell(line: EventLine): void {
  if (line.kind !== 'audit') return;
  const { body } = line.entry;
  if (body.kind === 'CommandSucceeded' && /^(start|shift|judge|zero|retire)/.test(body.step)) {
    say(`   ${body.step.padEnd(16)} ${body.evidence.summary}`);
  }
  if (body.kind === 'CommandFailed') say(`   ${body.step.padEnd(16)} ✗ ${body.failure.message}`);
  if (body.kind === 'DeploymentEnded') say(`   ${body.outcome}`);
}

async function runDemo(): Promise<boolean> {
  const startedMs = Date.now();
  say('Preparing the newsroom, its database and eight releases …');
  const stand = await openNewsroomStand();
  try {
    const up = await stand.surefoot(['up']);
    if (up.exitCode !== 0) throw new Error(up.stderr);
    const spans = [await deploy(stand, '1.0', 'the first deployment')];
    const historyPath = join(stand.directory.logs, 'load.ndjson');
    say(
      `\nLoad: ${REQUESTS_PER_SECOND} requests/s, 4 event streams, 4 WebSockets, from its own process.`,
    );
    const load = await startLoadProcess(loadClient, [
      ...['--url', stand.url, '--rate', String(REQUESTS_PER_SECOND), '--seed', '7'],
      ...['--duration', String(LOAD_SECONDS_MAX), '--mix', 'newsroom', '--out', historyPath],
      '--verify',
    ]);
    try {
      spans.push(await deploy(stand, '2.0', 'a good release'));
      spans.push(await deploy(stand, '3.0', 'fails 1 % of its requests'));
      spans.push(await deploy(stand, '3.1', 'dies at start'));
      spans.push(await deploy(stand, '3.2', 'hangs on half of its requests'));
      spans.push(await deploy(stand, '3.3', 'is ten times slower'));
      spans.push(
        await deploy(
          stand,
          '4.0',
          'good; the server is killed half-way',
          killOnce(stand, 'shift-50'),
        ),
      );
    } catch (error) {
      load.kill();
      throw error;
    }
    load.stop();
    const report = await load.done;
    const history = await readHistory(historyPath);
    const rows = spans.map((span, index) =>
      demoRow(
        { ...span, toMs: Math.min(span.toMs + LATE_MS, spans[index + 1]?.fromMs ?? Infinity) },
        history,
      ),
    );
    const seconds = Math.round((Date.now() - startedMs) / 100) / 10;
    say('');
    if (!isJson) process.stdout.write(`${demoTable(rows)}\n`);
    say(
      `\n${report.summary.requests} requests in all, ${report.summary.failed + report.summary.unknown} failed or unknown; ${seconds} s.`,
    );
    say(verificationSentence(report.verification));
    emit({ summary: { deployments: rows, seconds } });
    return isAsPromised(rows);
  } finally {
    await stand.close();
  }
}

function verificationSentence(verification: unknown): string {
  return `Acknowledged comments, read back from the newsroom: ${JSON.stringify(verification)}`;
}

/** SIGKILL to the server right after a step; the keeper starts it again and the deployment goes on. */
function killOnce(stand: NewsroomStand, step: string): (line: EventLine) => void {
  let killed = false;
  return (line) => {
    if (killed || line.kind !== 'audit') return;
    const { body } = line.entry;
    if (body.kind !== 'CommandSucceeded' || body.step !== step) return;
    killed = true;
    void stand.pidOf('server').then((pid) => {
      process.kill(pid, 'SIGKILL');
      say('   ⚡ SIGKILL to the server');
      emit({ killed: 'server', pid });
    });
  };
}

function isAsPromised(rows: readonly ReturnType<typeof demoRow>[]): boolean {
  return rows.every(({ release, outcome, clientErrors }) => {
    const isGood = ['1.0', '2.0', '4.0'].includes(release);
    return isGood ? outcome === 'promoted' && clientErrors === 0 : outcome === 'reverted';
  });
}

if (!(await runDemo())) {
  say('The demo did not end as promised.');
  process.exitCode = 1;
}
