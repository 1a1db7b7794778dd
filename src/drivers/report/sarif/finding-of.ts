/** One result of SARIF as a finding: how bad, where, by which rule. */
import { z } from 'zod';
import type { Finding } from '../../../core/validation/fact.ts';
import { worstLevel, type Level } from '../../../core/validation/level.ts';
import type { RunOutline } from './outline.ts';
import { parseSarif } from './parse-sarif.ts';
import { pathOfUri } from './path-of-uri.ts';
import { ruleOf } from './rule-of.ts';
import {
  DEFAULT_LEVEL,
  levelSchema,
  propertiesSchema,
  ruleReferenceSchema,
  securityLevelOf,
  type SarifRule,
} from './sarif-rule.ts';

const resultSchema = z.object({
  ruleId: z.string().optional(),
  ruleIndex: z.int().optional(),
  rule: ruleReferenceSchema.optional(),
  kind: z.string().optional(),
  level: levelSchema.optional(),
  properties: propertiesSchema,
  message: z.object({ text: z.string().optional(), id: z.string().optional() }),
  baselineState: z.string().optional(),
  suppressions: z.array(z.object({ status: z.string().optional() })).optional(),
  locations: z
    .array(
      z.object({
        physicalLocation: z
          .object({
            artifactLocation: z
              .object({ uri: z.string().optional(), index: z.int().optional() })
              .optional(),
            region: z
              .object({ startLine: z.int().optional(), startColumn: z.int().optional() })
              .optional(),
          })
          .optional(),
        logicalLocations: z
          .array(z.object({ fullyQualifiedName: z.string().optional() }))
          .optional(),
      }),
    )
    .optional(),
});

type Result = z.output<typeof resultSchema>;

/** Null of what is no fault: a rule that was met, did not apply, or a result that has gone since a baseline. */
export function findingOf(value: unknown, run: RunOutline): Finding | null {
  const result = parseSarif(resultSchema, value, 'A result');
  if (result.baselineState === 'absent' || NO_FAULT.has(result.kind ?? 'fail')) return null;
  const id = result.ruleId ?? result.rule?.id;
  const index = result.rule?.index ?? result.ruleIndex;
  const rule = ruleOf({ ...result.rule, id, index }, run.rules);
  return {
    rule: id ?? rule?.id ?? 'unnamed',
    level: levelOf(result, rule),
    message: result.message.text ?? result.message.id ?? '',
    places: (result.locations ?? []).map((location) => placeOf(location, run)),
    isSuppressed: isSuppressed(result),
  };
}

const NO_FAULT: ReadonlySet<string> = new Set(['pass', 'notApplicable', 'informational']);

/**
 * The worse of a word and of a security scanner's figure, which are two scales side by side: GitHub shows both. The word
 * by which the format stands for one that is missing counts only where there is no figure.
 */
function levelOf(result: Result, rule: SarifRule | undefined): Level {
  const word = result.level ?? rule?.defaultConfiguration?.level;
  const said = [
    ...[result, rule].map((of) => securityLevelOf(of?.properties)),
    word === undefined ? null : LEVELS[word],
  ];
  return worstLevel(said.filter((level) => level !== null)) ?? LEVELS[DEFAULT_LEVEL];
}

const LEVELS = { none: 'note', note: 'note', warning: 'medium', error: 'high' } as const;

type Location = NonNullable<Result['locations']>[number];

/** '' of one that it does not name. */
function placeOf(
  { physicalLocation, logicalLocations }: Location,
  { artifacts }: RunOutline,
): string {
  const { artifactLocation, region } = physicalLocation ?? {};
  const uri = artifactLocation?.uri ?? artifacts?.uris[artifactLocation?.index ?? -1];
  if (uri === undefined || uri === '') return logicalLocations?.[0]?.fullyQualifiedName ?? '';
  const { startLine, startColumn } = region ?? {};
  const parts = [pathOfUri(uri), startLine, startLine && startColumn];
  return parts.filter((part) => part !== undefined).join(':');
}

/** A suppression that nobody has accepted yet, or that was refused, is none. */
function isSuppressed({ suppressions = [] }: Result): boolean {
  return (
    suppressions.length > 0 &&
    suppressions.every(({ status = 'accepted' }) => status === 'accepted')
  );
}
