/** An abort that comes too late: whoever asks is told what it met, also when it came with the end. */
import type { AbortMet, Decision, DeploymentState } from './deployment-state.ts';

type Refused = Extract<Decision, { kind: 'AbortRefused' }>;

export function refusedAbort(
  { mode, outcome }: Pick<DeploymentState, 'mode' | 'outcome'>,
  { actor, reason }: { readonly actor: string; readonly reason: string },
): Refused {
  const met = outcome?.kind ?? (mode === 'reverting' ? 'reverting' : 'going-on');
  return { kind: 'AbortRefused', actor, reason, met };
}

/** Old records say no more than whether it was on the way back. */
export function abortMet({ met, isReverting }: Refused): AbortMet {
  return met ?? (isReverting === true ? 'reverting' : 'going-on');
}
