import { freezeWords } from '../../core/words/closure-sentence.ts';
import { actorName } from '../actor.ts';
import { apiOf, type CliSession, type RegisterCommand } from '../cli-session.ts';
import { durationOption } from '../duration-option.ts';
import { exitCode } from '../exit-code.ts';
import { knownPlace } from '../known-place.ts';
import { statedReason } from '../reason-option.ts';
import { escapeText, jsonLine } from '../render/escape-text.ts';
import { timeOption } from '../time-option.ts';
import { usageError } from '../usage-error.ts';

interface FreezeOptions {
  readonly reason: string;
  readonly until?: string;
  readonly for?: string;
}

/** Has nothing brought forward in a place; what runs there waits, and still goes back when it must. */
export const registerFreeze: RegisterCommand = (program, perform) => {
  const command = program
    .command('freeze')
    .description('have nothing brought forward in a place; rollback, repair and abort go on')
    .argument('<place...>', 'an environment, or a service in it: production, production/web')
    .requiredOption('--reason <text>', 'told to everybody who is stopped by it')
    .option('--until <time>', 'when it ends by itself, like 2026-12-01T09:00+01:00')
    .option('--for <duration>', 'the same, counted from now: 4h, 3d');
  perform<FreezeOptions>(command, async (session, options, names) => {
    const reason = statedReason('--reason', options.reason);
    const until = endOf(session, options);
    const api = apiOf(session);
    const status = await api.status();
    const places = [];
    for (const name of names) places.push(await knownPlace(session, status, name));
    const freezes = await api.freeze({
      actor: actorName(),
      ...{ reason, places },
      ...(until !== null && { until }),
    });
    const { flags, output } = session;
    const lines = freezes.map((freeze) => escapeText(`${freezeWords(freeze)}.`));
    output.result(...(flags.json ? [jsonLine(freezes)] : lines));
    return exitCode.done;
  });
};

function endOf({ environment }: CliSession, options: FreezeOptions): string | null {
  if (options.until !== undefined && options.for !== undefined) {
    throw usageError('--until and --for say the same; give one of them.');
  }
  const nowMs = environment.clock.wallMs();
  if (options.until !== undefined) return timeOption('--until', options.until, nowMs);
  if (options.for === undefined) return null;
  return new Date(nowMs + durationOption('--for', options.for)).toISOString();
}
