/** What a person needs of a run: a line when it went well, everything when it did not. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StateDirectory } from '../../src/platform/state-directory.ts';
import { tellBlow } from './blow.ts';
import type { CrashRun } from './crash-run.ts';
import type { JudgedRun } from './judge-clients.ts';

export function runLine(run: CrashRun): string {
  const { plan, id, release, outcome, strike, landedAt, fromMs, toMs } = run;
  const isAfter = plan.blow.kind !== 'wire' && plan.moment === 'CommandSucceeded';
  const moment = isAfter ? 'after' : 'at';
  const effect = plan.blow.kind === 'freeze' ? 'held' : 'gone';
  const blow = strike
    ? `${tellBlow(plan.blow)} to ${strike.pid}, ${strike.overAtMs === null ? `NOT ${effect.toUpperCase()}` : effect}, ${strike.what ?? `when last was ${landedAt}`}`
    : 'THE STRIKE DID NOT FIRE';
  const took = ((toMs - fromMs) / 1_000).toFixed(1);
  return `${plan.victim} ${moment} ${plan.step} (${plan.way} ${release}, ${id}): ${outcome}; ${blow}; ${took} s`;
}

export function violationLines(run: JudgedRun): readonly string[] {
  const time = (atMs: number): string => `+${((atMs - run.fromMs) / 1_000).toFixed(3)}`;
  return [
    `${run.violations.length > 0 ? '✗' : '✓'} ${runLine(run)}`,
    ...run.violations.map((violation) => `    ${violation}`),
    ...run.clientErrors
      .slice(0, 10)
      .map((error) => `    client  ${time(error.startedAtMs)} ${JSON.stringify(error)}`),
    ...(run.strike ? [`    struck  ${time(run.strike.atMs)}`] : []),
    ...run.routing.map(({ atMs, weights, hasLease }) => {
      return `    routing ${time(atMs)} ${weights}${hasLease ? ', leased' : ''}`;
    }),
    ...run.audit.map(({ at, body }) => {
      const step = 'step' in body ? ` ${body.step}` : '';
      const why = 'failure' in body ? `: ${body.failure.code}: ${body.failure.message}` : '';
      return `    audit   ${time(Date.parse(at))} ${body.kind}${step}${why}`;
    }),
  ];
}

const LOG_LINES = 25;

/** The end of every process's log; to be read before the stand is closed. */
export async function logLines({ logs }: StateDirectory): Promise<readonly string[]> {
  const names = ['keeper', 'server', 'host', 'edge'];
  const parts = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(logs, `${name}.log`), 'utf8');
      return text
        .trimEnd()
        .split('\n')
        .slice(-LOG_LINES)
        .map((line) => `    ${name}  ${line}`);
    }),
  );
  return parts.flat();
}
