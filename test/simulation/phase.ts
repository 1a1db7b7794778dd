/** The phases of the fault table that exist so far, and the steps of a plan that belong to each. */
export const phases = [
  'accept',
  'secure',
  'start',
  'probe',
  'mirror',
  'shift',
  'gate',
  'bake',
  'retire',
  'end',
  'revert',
] as const;

export type Phase = (typeof phases)[number];

const PHASE_OF: Readonly<Record<string, Phase>> = {
  // Before the first step its record is read.
  '': 'accept',
  'check-environment': 'accept',
  'probe-stable': 'accept',
  'check-balancer': 'accept',
  'drill-revert': 'accept',
  'check-data-before': 'secure',
  'note-schema-before': 'secure',
  'note-schema-migrated': 'secure',
  'check-schema-after': 'bake',
  'check-schema-reverted': 'revert',
  'secure-data': 'secure',
  'rehearse-migrations': 'secure',
  'apply-migrations': 'secure',
  'check-data-migrated': 'secure',
  'probe-migrated': 'secure',
  'check-data-after': 'bake',
  'check-data-reverted': 'revert',
  // Wherever it stands; what is in force is judged.
  pause: 'gate',
  freeze: 'gate',
  'start-candidate': 'start',
  'start-baseline': 'start',
  'probe-baseline': 'probe',
  'drain-baseline': 'bake',
  'retire-baseline': 'bake',
  'empty-baseline': 'revert',
  'stop-baseline': 'revert',
  'mirror-traffic': 'mirror',
  'judge-mirror': 'mirror',
  'open-traffic': 'shift',
  'probe-candidate': 'probe',
  'keep-old': 'bake',
  'settle-candidate': 'bake',
  'drain-old': 'bake',
  'confirm-candidate': 'bake',
  'verify-service': 'bake',
  'confirm-100': 'bake',
  'settle-split': 'retire',
  'retire-old': 'retire',
  'forget-old': 'end',
  'zero-candidate': 'revert',
  'restore-stable': 'revert',
  'reprobe-stable': 'revert',
  'reverify-service': 'revert',
  'drain-candidate': 'revert',
  'stop-candidate': 'revert',
  'forget-candidate': 'revert',
  'verify-state': 'revert',
};

/** Steps of a stage end with its weight or its number of instances. */
const PHASE_OF_NUMBERED: Readonly<Record<string, Phase>> = {
  shift: 'shift',
  judge: 'gate',
  approve: 'gate',
  grow: 'start',
  probe: 'probe',
};

export function phaseOf(step: string): Phase {
  const own = step.slice(step.indexOf(':') + 1);
  const [, kind] = /^(shift|judge|grow|probe|approve)-\d+$/.exec(own) ?? [];
  const phase = kind === undefined ? PHASE_OF[own] : PHASE_OF_NUMBERED[kind];
  if (phase === undefined) throw new Error(`Step ${step} belongs to no phase.`);
  return phase;
}
