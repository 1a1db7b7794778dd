import type { Rule } from './rule.ts';

/** Whether a report says something of what is checked, and not of a host or of something that runs: those change alone. */
export function judgesTheCopy(rule: Rule): boolean {
  switch (rule.subject) {
    case 'load':
    case 'stress':
    case 'metrics':
    case 'controls':
      return false;
    case 'findings':
      return rule.covered.unit === 'file' || rule.covered.unit === 'package';
    case 'tests':
    case 'coverage':
    case 'components':
      return true;
  }
}
