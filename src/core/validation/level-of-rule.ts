import type { Level } from './level.ts';
import type { Rule } from './rule.ts';

/** From which level on findings count by it: what is too slight for that shows nothing of bait either. */
export function levelOfRule(rule: Rule): Level {
  if (rule.subject === 'findings') return rule.level;
  return rule.subject === 'components' ? (rule.vulnerabilities?.level ?? 'note') : 'note';
}
