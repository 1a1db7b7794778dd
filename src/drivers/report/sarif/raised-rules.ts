/** The rules of a run as it was told to take them: what makes one worse counts, what makes it milder does not. */
import { z } from 'zod';
import { ruleBook, ruleOf } from './rule-of.ts';
import {
  DEFAULT_LEVEL,
  levelSchema,
  ruleReferenceSchema,
  worseLevel,
  type SarifLevel,
  type SarifRule,
} from './sarif-rule.ts';

export const overrideSchema = z.object({
  descriptor: ruleReferenceSchema,
  configuration: z.object({ level: levelSchema.optional() }),
});

type Override = z.output<typeof overrideSchema>;

/** One that no list has is put behind all lists. */
export function raisedRules(
  rules: readonly (readonly SarifRule[])[],
  overrides: readonly Override[],
): readonly (readonly SarifRule[])[] {
  const book = ruleBook(rules);
  const raised = new Map<string, SarifLevel>();
  const unlisted = new Map<string, SarifLevel>();
  for (const { descriptor, configuration } of overrides) {
    const { level } = configuration;
    if (level === undefined) continue;
    const rule = ruleOf(descriptor, book);
    if (rule) raise(raised, rule.id, level);
    else if (descriptor.id !== undefined) raise(unlisted, descriptor.id, level);
  }
  const asRaised = (rule: SarifRule): SarifRule => {
    const level = raised.get(rule.id);
    if (level === undefined) return rule;
    const before = rule.defaultConfiguration?.level ?? DEFAULT_LEVEL;
    return { ...rule, defaultConfiguration: { level: worseLevel(level, before) } };
  };
  const others = [...unlisted].map(([id, level]) => ({
    ...{ id, defaultConfiguration: { level: worseLevel(level, DEFAULT_LEVEL) } },
  }));
  return [...rules.map((list) => list.map(asRaised)), others];
}

function raise(raised: Map<string, SarifLevel>, id: string, level: SarifLevel): void {
  raised.set(id, worseLevel(level, raised.get(id) ?? level));
}
