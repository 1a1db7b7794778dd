/** One result of SARIF as a finding: how bad, where, by which rule. */
import { z } from 'zod';
import type { Finding } from '../../../core/validation/fact.ts';
import { filePlace, namedPlace, type FoundPlace } from '../../../core/validation/found-place.ts';
import { worstLevel, type Level } from '../../../core/validation/level.ts';
import type { RunOutline } from './outline.ts';
import { parseSarif } from './parse-sarif.ts';
import { ruleOf } from './rule-of.ts';
import { locationSchema, pathAt } from './sarif-location.ts';
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
            artifactLocation: locationSchema.extend({ index: z.int().optional() }).optional(),
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
  if (result.baselineState === 'absent' || isNoFault(result)) return null;
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

/** What says that it is none, and how bad it is, contradicts itself: the format allows no level then. */
function isNoFault({ kind = 'fail', level = 'none' }: Result): boolean {
  return NO_FAULT.has(kind) && level === 'none';
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

function placeOf(
  { physicalLocation, logicalLocations }: Location,
  { artifacts, bases }: RunOutline,
): FoundPlace {
  const { artifactLocation, region } = physicalLocation ?? {};
  const listed = artifacts?.locations[artifactLocation?.index ?? -1];
  const location = artifactLocation?.uri === undefined ? listed : artifactLocation;
  const path = location ? pathAt(location, bases) : '';
  if (path === '') return namedPlace(logicalLocations?.[0]?.fullyQualifiedName ?? '');
  const { startLine, startColumn } = region ?? {};
  const within = startLine === undefined ? [] : [startLine, startColumn];
  const place = filePlace(path, ...within.filter((part) => part !== undefined));
  // What lies in an archive is no file of this path, and of what is not remembered nobody knows it.
  const isForgotten = !listed && (artifactLocation?.index ?? -1) >= 0 && artifacts !== null;
  return listed?.isWithin === true || isForgotten ? { ...place, paths: [] } : place;
}

/** A suppression that nobody has accepted yet, or that was refused, is none. */
function isSuppressed({ suppressions = [] }: Result): boolean {
  return (
    suppressions.length > 0 &&
    suppressions.every(({ status = 'accepted' }) => status === 'accepted')
  );
}
