import type { AuditEntry } from '../../src/core/audit/audit-entry.ts';

/** What must hold of every record, whoever wrote it: one token a command, rising, one outcome, one end. */
export function faultsOfRecord(entries: readonly AuditEntry[]): readonly string[] {
  const faults: string[] = [];
  const outcomes = new Set<string>();
  let last = 0;
  for (const { body } of entries) {
    if (body.kind === 'CommandIssued') {
      const { sequence } = body.token;
      if (sequence <= last) faults.push(`${body.step} was issued with ${sequence} after ${last}.`);
      last = sequence;
    }
    if (body.kind === 'CommandSucceeded' || body.kind === 'CommandFailed') {
      const command = `${body.step}#${body.attempt}.${body.token.sequence}`;
      if (outcomes.has(command)) faults.push(`${command} ended twice.`);
      outcomes.add(command);
    }
  }
  const passed = entries.flatMap(({ body }) => (body.kind === 'StepPassed' ? [body.step] : []));
  for (const step of new Set(passed)) {
    if (passed.filter((each) => each === step).length > 1) faults.push(`${step} passed twice.`);
  }
  const ends = entries.filter(({ body }) => body.kind === 'DeploymentEnded').length;
  if (ends !== 1) faults.push(`It ended ${ends} times.`);
  return faults;
}
