/** The rules of a run as it was told to take them: what makes one worse counts, what makes it milder does not. */
import { z } from 'zod';
import { ruleOf } from './rule-of.ts';
import { levelSchema, ruleReferenceSchema, type SarifLevel, type SarifRule } from './sarif-rule.ts';

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
  const raised = new Map<SarifRule, SarifLevel>();
  const unlisted: SarifRule[] = [];
  for (const { descriptor, configuration } of overrides) {
    const { level } = configuration;
    if (level === undefined) continue;
    const rule = ruleOf(descriptor, [...rules, unlisted]);
    if (rule) raised.set(rule, worse(level, raised.get(rule) ?? levelOf(rule)));
    else if (descriptor.id !== undefined) {
      unlisted.push({ id: descriptor.id, defaultConfiguration: { level: worse(level, DEFAULT) } });
    }
  }
  const asRaised = (rule: SarifRule): SarifRule => {
    const level = raised.get(rule);
    return level === undefined ? rule : { ...rule, defaultConfiguration: { level } };
  };
  return [...rules, unlisted].map((list) => list.map(asRaised));
}

const DEFAULT = 'warning';
const ORDER = levelSchema.options;

function levelOf({ defaultConfiguration }: SarifRule): SarifLevel {
  return defaultConfiguration?.level ?? DEFAULT;
}

function worse(one: SarifLevel, other: SarifLevel): SarifLevel {
  return ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other;
}
