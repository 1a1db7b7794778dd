/** Whether the record agrees that a strike on the wires came where it says: what was sent is there. */
import type { AuditEntry } from '../../../src/core/audit/audit-entry.ts';
import type { CrashRun } from '../crash-run.ts';

export function complaintsAboutWire({
  plan,
  strike,
  audit,
}: Pick<CrashRun, 'plan' | 'strike' | 'audit'>): readonly string[] {
  const { blow, step } = plan;
  if (blow.kind !== 'wire' || strike === null) return [];
  const { place, deed } = blow.point;
  const intentMs = firstOf(audit, step, (kind) => kind === 'CommandIssued');
  const outcomeMs = firstOf(audit, step, (kind) => kind !== 'CommandIssued');
  const was = (atMs: number | null): boolean => atMs !== null && atMs <= strike.sentAtMs;
  // Inside a commit it may go either way, and outcomes wait until then for the one that is asked for.
  const isThere = deed !== 'unsent';
  const expected = {
    intent: { intent: deed === 'backend' ? null : isThere, outcome: false },
    verb: { intent: true, outcome: false },
    outcome: { intent: true, outcome: deed === 'backend' ? null : isThere },
    checkpoint: { intent: true, outcome: true },
  }[place];
  return [
    ...disagreement(step, 'intent', expected.intent, was(intentMs)),
    ...disagreement(step, 'outcome', expected.outcome, was(outcomeMs)),
  ];
}

function disagreement(
  step: string,
  what: string,
  expected: boolean | null,
  was: boolean,
): readonly string[] {
  if (expected === null || expected === was) return [];
  return [
    was
      ? `The ${what} of ${step} was on record before the strike that came before it.`
      : `The ${what} of ${step} was not on record when the strike came that came after it.`,
  ];
}

function firstOf(
  audit: readonly AuditEntry[],
  step: string,
  isKind: (kind: string) => boolean,
): number | null {
  const found = audit.find(
    ({ body }) => 'token' in body && body.step === step && isKind(body.kind),
  );
  return found ? Date.parse(found.at) : null;
}
