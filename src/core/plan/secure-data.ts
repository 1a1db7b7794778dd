/** What must hold of a service's data, and what its release changes in its schema, each at its place on the way. */
import { counted } from '../words/counted.ts';
import { stableFoundAs, step, type Outline } from './outline.ts';
import type { PlannedPool, ServiceStep } from './plan.ts';

/** Beside the migrations themselves: restoring, and an instance of each release. */
const REHEARSAL_MS = 900_000;
const CHECK_MS = 60_000;

export function checkData(
  { database }: Outline,
  { when, phase }: { readonly when: string; readonly phase: ServiceStep['phase'] },
): readonly ServiceStep[] {
  if (!database || database.invariants.length === 0) return [];
  return [
    step({
      ...{ id: `check-data-${when}`, row: 'X4', phase },
      title: `Check that ${counted(database.invariants.length, 'invariant')} of the data hold${database.invariants.length === 1 ? 's' : ''}`,
      action: { kind: 'check-data' },
      deadlineMs: CHECK_MS,
    }),
  ];
}

/** What it is compared with from then on; drift stops who relies on what serves. */
export function noteSchema(
  outline: Outline,
  { when, row, phase }: { readonly when: string } & Pick<ServiceStep, 'row' | 'phase'>,
): readonly ServiceStep[] {
  const { database, acceptDrift } = outline;
  if (!database) return [];
  const isBefore = when === 'before';
  return [
    step({
      ...{ id: `note-schema-${when}`, row, phase },
      title: isBefore
        ? 'Check that the schema is what the last deployment left, and note it'
        : 'Note the schema as it is now',
      action: {
        kind: 'note-schema',
        onDrift: isBefore && stableFoundAs(outline) === 'whole' ? 'refuse' : 'tell',
        ...(isBefore && acceptDrift !== null && { accepted: acceptDrift }),
      },
      deadlineMs: CHECK_MS,
    }),
  ];
}

export function checkSchema(
  { database }: Outline,
  { when, row, phase }: { readonly when: string } & Pick<ServiceStep, 'row' | 'phase'>,
): readonly ServiceStep[] {
  if (!database) return [];
  return [
    step({
      ...{ id: `check-schema-${when}`, row, phase },
      title: 'Check that the schema is as it was noted',
      action: { kind: 'check-schema' },
      deadlineMs: CHECK_MS,
    }),
  ];
}

/** On a copy of the data that was verified, with both releases. */
export function rehearseMigrations({ database, candidate }: Outline): readonly ServiceStep[] {
  const { now = [], timeBoxMs = 0 } = database?.migrations ?? {};
  if (now.length === 0) return [];
  return [
    step({
      ...{ id: 'rehearse-migrations', row: 'R2', phase: 'preparation' },
      title: `Try ${counted(now.length, 'migration')} of ${candidate.release.version} on the backup of ${database?.backup ?? ''}`,
      action: { kind: 'rehearse-migrations' },
      deadlineMs: timeBoxMs + REHEARSAL_MS,
      attemptsMax: 2,
    }),
  ];
}

/** As the rehearsal has shown it. */
function lookedAfter(outline: Outline, stable: PlannedPool): readonly ServiceStep[] {
  const { probing } = outline.rollout;
  const probe = step({
    ...{ id: 'probe-migrated', row: 'R2', phase: 'preparation' },
    title: `Probe every instance of ${stable.release.version} on what the migrations leave`,
    action: { kind: 'probe-pool', pool: stable, policy: probing },
    deadlineMs: probing.deadlineMs,
  });
  return [
    ...(stableFoundAs(outline) === 'whole' ? [probe] : []),
    ...checkData(outline, { when: 'migrated', phase: 'preparation' }),
  ];
}

/** Here old code begins to live with the new schema. */
export function applyMigrations(outline: Outline): readonly ServiceStep[] {
  const { now = [], timeBoxMs = 0 } = outline.database?.migrations ?? {};
  if (now.length === 0) return [];
  return [
    step({
      ...{ id: 'apply-migrations', row: 'R2', phase: 'preparation' },
      title: `Apply ${counted(now.length, 'migration')} while what serves goes on`,
      action: { kind: 'apply-migrations' },
      deadlineMs: timeBoxMs,
    }),
    ...noteSchema(outline, { when: 'migrated', row: 'R2', phase: 'preparation' }),
    ...(outline.stable ? lookedAfter(outline, outline.stable) : []),
  ];
}
