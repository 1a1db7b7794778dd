/** Whether a preview is alive: the process that was started, at its port, with all probes of the service passing. */
import type { ProbeResult, ProbeSubject } from '../../drivers/contract.ts';
import { acceptsConnection, ownsListener } from '../../platform/port-acceptance.ts';
import { isSameProcess, type ProcessIdentity } from '../../platform/process-identity.ts';
import type { ToolEnd } from '../../platform/run-tool.ts';
import type { NamedProbe } from '../drivers-in-use.ts';
import type { Look } from './alive.ts';

export interface StartedInstance {
  readonly launch: string;
  readonly leader: ProcessIdentity;
  /** How it has ended, when it has, and nothing of it is left. */
  readonly outcome: Promise<ToolEnd>;
}

export interface ProbeReading {
  readonly name: string;
  readonly result: ProbeResult;
}

export interface PreviewLook {
  readonly look: Look;
  /** Of all probes; empty when they were not asked. */
  readonly readings: readonly ProbeReading[];
}

export async function lookAtPreview(
  { launch, leader, outcome }: StartedInstance,
  subject: ProbeSubject,
  { probes, signal }: { readonly probes: readonly NamedProbe[]; readonly signal: AbortSignal },
): Promise<PreviewLook> {
  const { host, port } = subject;
  if (!(await isSameProcess(leader))) return notYet('dead', endWords(await outcome));
  if (!(await acceptsConnection(host, port))) {
    return notYet('silent', `It accepts no connection on port ${port}.`);
  }
  if (!(await ownsListener(port, launch, leader))) {
    return notYet('silent', `Another process listens on its port ${port}.`);
  }
  const readings = await Promise.all(
    probes.map(async ({ name, probe }) => ({ name, result: await probe.run(subject, { signal }) })),
  );
  const failed = readings.find(({ result }) => !result.ok);
  if (!failed) return { look: { kind: 'alive' }, readings };
  const { observed, expected } = failed.result;
  const why = `Probe ${failed.name}: observed ${observed}; expected ${expected}.`;
  return { look: { kind: 'silent', why }, readings };
}

function notYet(kind: 'dead' | 'silent', why: string): PreviewLook {
  return { look: { kind, why }, readings: [] };
}

export function endWords(end: ToolEnd): string {
  switch (end.kind) {
    case 'exited':
      return `It ended by itself, with code ${end.code}.`;
    case 'killed':
      return `It was killed by ${end.signal}.`;
    case 'not-started':
      return `It could not be started: ${end.reason}.`;
    case 'ended':
      return 'It was ended.';
  }
}
