/** A backup in the place of what is live: shown, asked for, carried out, and recorded. */
import { exitCode } from './exit-code.ts';
import type { SwitchNames } from '../core/backup/switch-names.ts';
import { OperationalError } from '../core/operational-error.ts';
import type { HandedOver } from '../drivers/contract.ts';
import { openBackup } from '../engine/backup/open-backup.ts';
import type { OpenBackup } from '../engine/backup/manifest.ts';
import {
  handOverBackup,
  proposeSwitch,
  switchBack,
  switchBackup,
  type SwitchEnd,
} from '../engine/backup/switch-backup.ts';
import { actorName } from './actor.ts';
import type { ApiClient } from './api-client.ts';
import { discardCommand, whatIsKept } from './backup-discard.ts';
import type { MeantBackup } from './backup-work.ts';
import type { CliSession } from './cli-session.ts';
import { confirm } from './confirm.ts';
import { jsonLine } from './render/escape-text.ts';
import { criterionLines } from './render/backup-lines.ts';
import { proposalLines } from './render/switch-lines.ts';
import { usageError } from './usage-error.ts';
import { whileFrozen, type FrozenPlace } from './while-frozen.ts';

export interface SwitchOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly endSessions?: boolean;
}

/** The exit code. */
export async function switchIn(
  session: CliSession,
  meant: MeantBackup,
  { id, options }: { readonly id: string; readonly options: SwitchOptions },
): Promise<number> {
  const { work, source } = meant;
  const open = await openBackup(work, { source, id });
  if (work.backup.handsOver === true) return handOver(session, meant, { open, options });
  const proposal = await proposeSwitch(work, id);
  const { output, flags, environment } = session;
  const { dryRun: isDryRun = false, yes: isAgreed = false, endSessions = false } = options;
  const { manifest } = open;
  if (isDryRun && flags.json) {
    output.result(jsonLine({ source, id, isDryRun, taken: manifest.parts, ...proposal }));
    return exitCode.done;
  }
  const nowMs = environment.clock.wallMs();
  const lines = proposalLines(proposal, manifest, { nowMs, columns: output.columns });
  const isToBeDone = proposal.state.kind === 'none';
  if (isDryRun) output.result(...(isToBeDone ? lines : [`${id}: ${proposal.state.kind}.`]));
  if (isDryRun) return exitCode.done;
  if (isToBeDone) output.progress(...lines);
  if (isToBeDone && !isAgreed) {
    const message = `Put ${id} in the place of ${proposal.state.names.live}?`;
    const instead = commandFor({ source, id, way: '--switch' }, '--yes');
    const refused = await confirm(session, { message, instead });
    if (refused !== null) return refused;
  }
  return whileFrozen(session, placeOf(source, id), async (api) => {
    const progress = (text: string): void => output.progress(`${source}: ${text}.`);
    const end = await switchBackup(work, open, {
      ...{ endSessions, partsMin: meant.choice.parts, progress },
    });
    if (end.kind === 'not-verified') return notVerified(session, { source, id, end });
    if (end.kind !== 'already') {
      await record(session, api, { source, id, way: 'in', kept: end.names.kept });
    }
    tellSwitched(session, { source, id, end });
    return exitCode.done;
  });
}

function tellSwitched(
  { flags, output }: CliSession,
  {
    source,
    id,
    end: { kind, names },
  }: {
    readonly source: string;
    readonly id: string;
    readonly end: Exclude<SwitchEnd, { kind: 'not-verified' }>;
  },
): void {
  if (flags.json) {
    output.result(jsonLine({ source, id, kind, names }));
    return;
  }
  const what = {
    switched: `${id} is live as ${names.live}.`,
    finished: `${id} is live as ${names.live}: what was begun before is finished.`,
    already: `${id} was made live before, and nothing was changed now.`,
  };
  output.result(
    `${source}: ${what[kind]}`,
    `What was live before is kept as ${names.kept}, if anything was. To bring it back: ${commandFor({ source, id, way: '--back' })}`,
  );
}

/** The exit code. */
export async function switchedBack(
  session: CliSession,
  { work, source }: MeantBackup,
  { id, options }: { readonly id: string; readonly options: SwitchOptions },
): Promise<number> {
  const { output, flags } = session;
  if (work.backup.handsOver === true) {
    const message = 'A whole server is brought back by hand: --switch has printed the commands.';
    throw usageError(message);
  }
  const { state } = await proposeSwitch(work, id);
  const { names } = state;
  const said = `${names.kept} would be live as ${names.live}, and what is live now would be kept as ${names.undone}.`;
  if (options.dryRun === true) {
    output.result(flags.json ? jsonLine({ source, id, isDryRun: true, state }) : said);
    return exitCode.done;
  }
  if (options.yes !== true) {
    output.progress(said);
    const instead = commandFor({ source, id, way: '--back' }, '--yes');
    const refused = await confirm(session, { message: 'Bring it back?', instead });
    if (refused !== null) return refused;
  }
  return whileFrozen(session, placeOf(source, id), async (api) => {
    const { isBack, names: now } = await switchBack(work, id, {
      endSessions: options.endSessions === true,
    });
    if (isBack) await record(session, api, { source, id, way: 'back', kept: now.undone });
    if (flags.json) output.result(jsonLine({ source, id, isBack, names: now }));
    else output.result(`${source}: ${backWords(isBack, now)}`);
    return exitCode.done;
  });
}

/** As it is typed wherever there are several services, environments and backups. */
function commandFor(
  {
    source,
    id,
    way,
  }: { readonly source: string; readonly id: string; readonly way: '--switch' | '--back' },
  ...more: readonly string[]
): string {
  const [environment = '', service = '', name = ''] = source.split('/');
  const of = ['--service', service, '--environment', environment, '--name', name];
  return ['surefoot backup restore', id, way, ...of, ...more].join(' ');
}

function backWords(isBack: boolean, { live, kept, undone }: SwitchNames): string {
  return isBack
    ? `${kept} is live again as ${live}. What was live until now is kept as ${undone}, if anything was.`
    : `${kept} is not there: ${live} is as it was.`;
}

async function handOver(
  session: CliSession,
  { work, source, choice }: MeantBackup,
  { open, options }: { readonly open: OpenBackup; readonly options: SwitchOptions },
): Promise<number> {
  const { output, flags } = session;
  const { id } = open.manifest;
  if (options.dryRun === true) {
    output.result(`${source}: ${id} would be restored beside, verified, and handed over.`);
    return exitCode.done;
  }
  const { result: end, place } = await whatIsKept(session, () =>
    handOverBackup(work, open, { partsMin: choice.parts }),
  );
  if (end.kind === 'not-verified') return notVerified(session, { source, id, end });
  if (flags.json) output.result(jsonLine({ source, id, ...end, place }));
  else {
    output.result(
      ...handOverLines(`${source}: ${id}`, end),
      ...(place === null
        ? []
        : [
            '',
            `Instead, or behind it, to remove what stays of it: ${discardCommand(session, place)}`,
          ]),
    );
  }
  return exitCode.done;
}

/** `what` is restored, for the first of them. */
export function handOverLines(what: string, { steps, back }: HandedOver): readonly string[] {
  return [
    `${what} is restored, verified and on the disk. Nothing live was changed: whoever runs it must switch it.`,
    ...['', 'To put it in its place:', ...steps.map((step) => `  ${step}`)],
    ...['', 'To bring back what was live before:', ...back.map((step) => `  ${step}`)],
  ];
}

function notVerified(
  { flags, output }: CliSession,
  {
    source,
    id,
    end: { criteria },
  }: {
    readonly source: string;
    readonly id: string;
    readonly end: Extract<SwitchEnd, { kind: 'not-verified' }>;
  },
): number {
  if (flags.json) output.result(jsonLine({ source, id, kind: 'not-verified', criteria }));
  else {
    output.result(
      ...criterionLines(criteria),
      `${source}: ${id} is not what was taken. What is live is as it was.`,
    );
  }
  return exitCode.reverted;
}

function placeOf(source: string, id: string): FrozenPlace {
  const [environment = '', service = ''] = source.split('/');
  return { environment, service, reason: `backup restore ${id}` };
}

interface Recorded {
  readonly source: string;
  readonly id: string;
  readonly way: 'in' | 'back';
  readonly kept: string;
}

/** It is done by now: that nobody could be told is said, and no failure of it. */
async function record(
  { output }: CliSession,
  api: ApiClient | null,
  { source, ...said }: Recorded,
): Promise<void> {
  const [environment = '', service = '', backup = ''] = source.split('/');
  const { reason } = placeOf(source, said.id);
  try {
    await api?.backupSwitched({
      ...{ ...said, actor: actorName(), reason, environment, service, backup },
    });
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    output.warn(`The audit log has no entry of it: ${error.message}`);
  }
}
