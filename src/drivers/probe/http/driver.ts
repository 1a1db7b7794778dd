/** Probe `http`: one request on a new connection, judged by status, headers and body. */
import { printableLine } from '../../../core/printable-line.ts';
import { elapsedMs, systemClock } from '../../../platform/clock.ts';
import type { Driver, DriverContext, ProbeResult, ProbeSubject } from '../../contract.ts';
import { ask } from './ask.ts';
import { fillPlaceholders } from './fill-placeholders.ts';
import { httpProbeConfig, type HttpProbeConfig } from './http-probe-config.ts';
import { describeExpectation, judgeAnswer } from './judge-answer.ts';

const LINE_LENGTH_MAX = 300;

export const httpProbe: Driver<'probe', HttpProbeConfig> = {
  kind: 'probe',
  id: 'http',
  summary: 'Asks an instance over HTTP and compares status, headers and body.',
  config: httpProbeConfig,
  capabilities: new Set(),
  connect: (config) => ({ run: (subject, context) => runOnce(config, subject, context) }),
};

async function runOnce(
  config: HttpProbeConfig,
  subject: ProbeSubject,
  context: DriverContext,
): Promise<ProbeResult> {
  const filled = fillPlaceholders(config, subject.release);
  const startNs = systemClock.monotonicNs();
  const exchange = await ask(subject, filled, context.signal);
  const { ok, observed } =
    exchange.kind === 'answered'
      ? judgeAnswer(exchange.answer, filled.expect)
      : { ok: false, observed: exchange.reason };
  return {
    ok,
    observed: printableLine(observed, LINE_LENGTH_MAX),
    expected: printableLine(describeExpectation(filled.expect), LINE_LENGTH_MAX),
    durationMs: elapsedMs(systemClock, startNs),
  };
}
