/** What a rule of SARIF says of its results. */
import { z } from 'zod';
import { isAtLeast, type Level } from '../../../core/validation/level.ts';
import { levelOfScore, levelOfSeverity } from '../../../core/validation/severity.ts';

export const levelSchema = z.enum(['none', 'note', 'warning', 'error']);

export type SarifLevel = z.output<typeof levelSchema>;

/** Of a rule, or of a result. */
export const propertiesSchema = z
  .looseObject({ 'security-severity': z.union([z.string(), z.number()]).optional() })
  .optional();

type Properties = z.output<typeof propertiesSchema>;

export const ruleSchema = z.object({
  id: z.string(),
  defaultConfiguration: z.object({ level: levelSchema.optional() }).optional(),
  properties: propertiesSchema,
});

export type SarifRule = z.output<typeof ruleSchema>;

export const ruleReferenceSchema = z.object({
  id: z.string().optional(),
  index: z.int().optional(),
  toolComponent: z.object({ index: z.int().optional() }).optional(),
});

/** By the format. */
export const DEFAULT_LEVEL = 'warning';

export function worseLevel(one: SarifLevel, other: SarifLevel): SarifLevel {
  const order = levelSchema.options;
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}

/** Null where nothing is said, as by 0. A figure of CVSS, or else a word; what is neither is no reason to look away. */
export function securityLevelOf(properties: Properties): Level | null {
  const said = String(properties?.['security-severity'] ?? '').trim();
  if (said === '') return null;
  const score = Number(said.replace(',', '.'));
  if (score === 0) return null;
  return score > 0 ? levelOfScore(score) : levelOfSeverity(said);
}

/** All that is worse of two rules of the same id. */
export function worseOfBoth(one: SarifRule, other: SarifRule): SarifRule {
  const words = [one, other].flatMap((rule) => wordOf(rule) ?? []);
  const [level, ...more] = words;
  return {
    id: one.id,
    ...(level && { defaultConfiguration: { level: more.reduce(worseLevel, level) } }),
    properties: worseProperties(one.properties, other.properties),
  };
}

/** The word that stands for one that is missing counts only where there is no figure. */
function wordOf({ defaultConfiguration, properties }: SarifRule): SarifLevel | undefined {
  const isRated = securityLevelOf(properties) !== null;
  return defaultConfiguration?.level ?? (isRated ? undefined : DEFAULT_LEVEL);
}

function worseProperties(one: Properties, other: Properties): Properties {
  const [first, second] = [securityLevelOf(one), securityLevelOf(other)];
  if (first === null) return other;
  return second === null || isAtLeast(first, second) ? one : other;
}
