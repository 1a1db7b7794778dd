import type { FreezesAnswer } from '../../api/contract/answers.ts';
import { placeName } from '../../core/deployment/freeze.ts';
import { freezeWords } from '../../core/words/closure-sentence.ts';
import { actorName } from '../actor.ts';
import { apiOf, type RegisterCommand } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { statedReason } from '../reason-option.ts';
import { escapeText, jsonLine, quoted } from '../render/escape-text.ts';
import { usageError } from '../usage-error.ts';

interface UnfreezeOptions {
  readonly reason: string;
}

/** Lifts freezes; deployments that wait for that go on. */
export const registerUnfreeze: RegisterCommand = (program, perform) => {
  const command = program
    .command('unfreeze')
    .description('lift freezes; what waits for that goes on')
    .argument('<freeze...>', 'its number, or its place when there is only one freeze of it')
    .requiredOption('--reason <text>', 'kept in the audit log');
  perform<UnfreezeOptions>(command, async (session, options, names) => {
    const reason = statedReason('--reason', options.reason);
    const api = apiOf(session);
    const inForce = await api.freezes();
    const freezes = names.map((name) => meantFreeze(inForce, name));
    const lifted = await api.unfreeze({ actor: actorName(), reason, freezes });
    const { flags, output } = session;
    const lines = lifted.map(({ id, ...freeze }) =>
      escapeText(`Freeze ${id} of ${placeName(freeze)} is lifted.`),
    );
    output.result(...(flags.json ? [jsonLine(lifted)] : lines));
    return exitCode.done;
  });
};

function meantFreeze(inForce: FreezesAnswer, name: string): number {
  const found = inForce.filter(
    (freeze) => String(freeze.id) === name || placeName(freeze) === name,
  );
  const [only, ...others] = found;
  if (only && others.length === 0) return only.id;
  const list = (only ? found : inForce).map((freeze) => escapeText(freezeWords(freeze)));
  const known = list.length === 0 ? 'nothing is frozen' : list.join('; ');
  throw usageError(
    only
      ? `${quoted(name)} is frozen more than once; say the number: ${known}.`
      : `${quoted(name)} is not frozen: ${known}.`,
  );
}
