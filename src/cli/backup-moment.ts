/** Brings back what was there at a moment between two backups: beside what runs, or handed over. */
import { operationalError } from '../core/operational-error.ts';
import type { HandedOver, Restored } from '../drivers/contract.ts';
import { restoreMoment, type MomentEnd } from '../engine/backup/restore-moment.ts';
import { unverifiableBy } from '../platform/unverifiable-by.ts';
import { exitCode } from './exit-code.ts';
import { handOverLines, type SwitchOptions } from './backup-switch.ts';
import type { MeantBackup } from './backup-work.ts';
import type { CliSession } from './cli-session.ts';
import { momentOption } from './moment-option.ts';
import { criterionLines } from './render/backup-lines.ts';
import { jsonLine, quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

export interface MomentOptions extends SwitchOptions {
  /** RFC 3339. */
  readonly at: string;
  readonly switch?: boolean;
}

/** In UTC; refuses what is no moment of the past. */
export function pastMoment({ environment }: CliSession, at: string): string {
  const ms = momentOption('--at', at);
  if (ms > environment.clock.wallMs()) throw usageError(`--at ${quoted(at)} is in the future.`);
  return new Date(ms).toISOString();
}

/** The exit code. */
export async function restoredMoment(
  session: CliSession,
  { work, source, choice }: MeantBackup,
  { at, options }: { readonly at: string; readonly options: Omit<MomentOptions, 'at'> },
): Promise<number> {
  const { output } = session;
  if (options.dryRun === true) {
    output.result(`${source}: what was there at ${at} would be restored beside, and handed over.`);
    return exitCode.done;
  }
  const progress = (text: string): void => output.progress(`${text}.`);
  const end = await restoreMoment(work, { source, at, partsMin: choice.parts, progress });
  if (end.kind === 'not-verified') return notVerified(session, { source, at, end });
  return kept(session, { source, at, end, isSwitch: options.switch === true });
}

async function kept(
  { flags, output }: CliSession,
  of: {
    readonly source: string;
    readonly at: string;
    readonly end: Extract<MomentEnd, { kind: 'restored' }>;
    readonly isSwitch: boolean;
  },
): Promise<number> {
  const { source, at, end, isSwitch } = of;
  const { id, restored, criteria } = end;
  const { address, reached } = restored;
  const name = `${at.replaceAll(/[:.]/g, '-')}-at`;
  try {
    const handed = isSwitch ? await handedOver(restored, name) : null;
    if (!handed) await restored.keep();
    const done = handed ? { kind: 'handed-over', ...handed } : { kind: 'restored', address };
    if (flags.json) {
      output.result(jsonLine({ source, id, at, reached, criteria, ...done }));
    } else {
      output.result(
        ...criterionLines(criteria),
        ...(handed
          ? handOverLines(`${source}: what was there at ${at}`, handed)
          : [
              `${source}: what was there at ${at} is restored at ${address}. What runs is as it was.`,
            ]),
      );
    }
    return exitCode.done;
  } catch (error) {
    await restored.remove();
    throw unverifiableBy(error);
  }
}

async function handedOver(restored: Restored, name: string): Promise<HandedOver> {
  const handed = await restored.handOver?.(name);
  if (handed) return handed;
  const message = 'Nothing says how this backup is switched. Restore it without --switch.';
  throw operationalError('not-switched', message);
}

function notVerified(
  { flags, output }: CliSession,
  {
    source,
    at,
    end: { id, criteria },
  }: {
    readonly source: string;
    readonly at: string;
    readonly end: Extract<MomentEnd, { kind: 'not-verified' }>;
  },
): number {
  if (flags.json) output.result(jsonLine({ source, id, at, kind: 'not-verified', criteria }));
  else {
    const said = `${source}: what was restored of ${at} cannot be relied on, and was removed. What is live is as it was.`;
    output.result(...criterionLines(criteria), said);
  }
  return exitCode.reverted;
}
