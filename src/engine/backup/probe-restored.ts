/** Has an application ask what was restored: its program is run on it, in time, and what it says is kept. */
import { masksSecrets } from '../../config/mask-secrets.ts';
import { ADDRESS, type BackupProbe, type ProbeAnswer } from '../../core/backup/backup-probe.ts';
import { operationalError } from '../../core/operational-error.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import type { Restored } from '../../drivers/contract.ts';
import type { Clock } from '../../platform/clock.ts';
import { findProgram } from '../../platform/find-program.ts';
import { inheritedEnvironment } from '../../platform/inherited-environment.ts';
import { runTool, type ToolEnd } from '../../platform/run-tool.ts';
import { addressForApplication } from './address-for-application.ts';
import type { HostEnvironment } from './configured-keys.ts';

/** Throws `backup-unverifiable` where it could not be run: that says nothing of the backup. */
export type ProbeRestored = (restored: Pick<Restored, 'address'>) => Promise<ProbeAnswer>;

export interface ProbeSurroundings {
  /** Of the driver that has restored it. */
  readonly config: unknown;
  /** Surefoot's own environment. */
  readonly host: HostEnvironment;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const GRACE_MS = 1_000;
const SAID_LINES = 50;
const LINE_LENGTH = 500;
const OBSERVED_LINES = 3;

export function probesRestored(probe: BackupProbe, around: ProbeSurroundings): ProbeRestored {
  return async (restored) => {
    const { clock, signal } = around;
    const address = addressForApplication(restored.address, around.config);
    const fill = (text: string): string => text.replaceAll(ADDRESS, () => address);
    const environment = {
      ...inheritedEnvironment(around.host),
      ...mapValues(probe.environment, fill),
    };
    const [name = '', ...args] = probe.run.map(fill);
    const { directory, secretValues, timeBoxMs } = probe;
    const program = await findProgram(name, directory, environment.PATH).catch(notRun);
    const mask = masksSecrets(secretValues);
    const lines: string[] = [];
    const box = clock.deadline(timeBoxMs);
    try {
      const end = await runTool({
        ...{ program, args, directory, environment, secretValues, clock, graceMs: GRACE_MS },
        ...{ outputFile: null, signal: AbortSignal.any([signal, box.signal]) },
        onLine(line) {
          lines.push(mask(line).slice(0, LINE_LENGTH));
          if (lines.length > SAID_LINES) lines.shift();
        },
      });
      signal.throwIfAborted();
      return answerOf(end, { name: mask(name), lines, timeBoxMs });
    } finally {
      box.release();
    }
  };
}

function answerOf(
  end: ToolEnd,
  {
    name,
    lines,
    timeBoxMs,
  }: { readonly name: string; readonly lines: readonly string[]; readonly timeBoxMs: number },
): ProbeAnswer {
  const said = lines.join('\n');
  const words = lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-OBSERVED_LINES)
    .join(' / ');
  const observedAs = (what: string): string => (words === '' ? what : `${what}: ${words}`);
  switch (end.kind) {
    case 'exited':
      return {
        isPassed: end.code === 0,
        observed: observedAs(`${name} ended with ${end.code}`),
        said,
      };
    case 'ended': {
      const what = `${name} did not end within ${showDuration(timeBoxMs)}`;
      return { isPassed: false, observed: observedAs(what), said };
    }
    case 'killed':
      throw unverifiable(observedAs(`${name} was killed by ${end.signal}`));
    case 'not-started':
      throw unverifiable(`${name} could not be started: ${end.reason}`);
  }
}

function notRun(error: unknown): never {
  throw error instanceof Error ? unverifiable(error.message, error) : error;
}

function unverifiable(why: string, cause?: Error): Error {
  const message = `The application's probe of what was restored: ${why.replace(/\.$/, '')}.`;
  return operationalError('backup-unverifiable', message, { cause });
}

function mapValues(
  texts: Readonly<Record<string, string>>,
  change: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, change(text)]));
}
