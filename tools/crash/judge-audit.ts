/** Whether a deployment's record is one that could be: nothing twice, nothing without its intent. */
import type { AuditEntry } from '../../src/core/audit/audit-entry.ts';

export function complaintsAboutAudit(audit: readonly AuditEntry[]): readonly string[] {
  const issued = new Set<string>();
  const ended = new Set<string>();
  const owners = new Map<string, string>();
  const complaints: string[] = [];
  let last = 0;
  for (const { sequence, body } of audit) {
    if (sequence <= last) complaints.push(`Entry ${sequence} came after entry ${last}.`);
    last = sequence;
    if (!('token' in body)) continue;
    const { step, attempt, token, purpose } = body;
    const name = `${step}#${attempt}.${token.sequence} (${purpose})`;
    if (body.kind === 'CommandIssued') {
      if (issued.has(name)) complaints.push(`${name} was issued twice.`);
      issued.add(name);
      const owner = owners.get(`${token.sequence}`) ?? step;
      if (owner !== step) complaints.push(`${owner} and ${step} have token ${token.sequence}.`);
      owners.set(`${token.sequence}`, step);
    } else {
      if (!issued.has(name)) complaints.push(`${name} ended and was never issued.`);
      if (ended.has(name)) complaints.push(`${name} ended twice.`);
      ended.add(name);
    }
  }
  return complaints;
}
