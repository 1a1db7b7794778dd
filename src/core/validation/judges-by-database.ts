import type { Rule } from './rule.ts';

/** Lines of the protocol about what is known of packages to be vulnerable. */
const ROWS: ReadonlySet<string | undefined> = new Set(['V3', 'V8']);

/** Whether what a tool finds may change while nothing of what is checked does: others find vulnerabilities every day. */
export function judgesByDatabase(row: string | undefined, rule: Rule): boolean {
  if (rule.subject === 'findings') return rule.covered.unit === 'package' || ROWS.has(row);
  return ROWS.has(row) || (rule.subject === 'components' && rule.vulnerabilities !== null);
}
