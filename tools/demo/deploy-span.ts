import type { EventLine } from '../../src/api/contract/answers.ts';
import type { NewsroomStand } from '../stand/newsroom-stand.ts';
import type { DemoSpan } from './demo-row.ts';
import { trafficGoneAtMs, trafficGoneAtNs } from './traffic-gone-at.ts';

export interface DeploySpan extends DemoSpan {
  /** `zeroAtMs` on the record's own clock. */
  readonly zeroAtNs: bigint | null;
}

/** Deploys a release and tells what moves its traffic. */
export async function deploySpan(
  stand: NewsroomStand,
  release: string,
  {
    say,
    onLine,
  }: { say: (text: string) => void; onLine?: ((line: EventLine) => void) | undefined },
): Promise<DeploySpan> {
  const fromMs = Date.now();
  const lines: EventLine[] = [];
  const summary = await stand.deploy(release, (line) => {
    lines.push(line);
    tell(line, say);
    onLine?.(line);
  });
  const toMs = Date.now();
  const now = { wallMs: toMs, monotonicNs: process.hrtime.bigint() };
  const zeroAtNs = trafficGoneAtNs(lines);
  return { release, summary, fromMs, toMs, zeroAtMs: trafficGoneAtMs(lines, now), zeroAtNs };
}

const TOLD = /^(start|grow|probe-\d|drain-baseline|retire-b|shift|judge|keep|zero|retire)/;

/** One line for what moves traffic or decides; the rest is in `surefoot watch`. */
function tell(line: EventLine, say: (text: string) => void): void {
  if (line.kind !== 'audit') return;
  const { body } = line.entry;
  if (body.kind === 'CommandSucceeded' && TOLD.test(body.step)) {
    say(`   ${body.step.padEnd(16)} ${body.evidence.summary}`);
  }
  if (body.kind === 'CommandFailed') say(`   ${body.step.padEnd(16)} ✗ ${body.failure.message}`);
  if (body.kind === 'DeploymentEnded') say(`   ${body.outcome}`);
}
