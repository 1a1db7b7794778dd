/** The controls of a service as a plan holds them: what is demanded, what is put up with, and what was declared. */
import { z } from 'zod';
import { s3PlaceSchema } from '../backup/s3-place.ts';
import { digestSchema } from '../digest-schema.ts';
import { levels } from '../validation/level.ts';
import { observableFacts, type FactName } from './observable-fact.ts';

const LIST_MAX = 1_000;
const text = z.string().max(1_000);
const fact = z.enum(Object.keys(observableFacts) as [FactName, ...FactName[]]);
const address = z.strictObject({ host: text, port: z.int().min(0).max(65_535) });

const evidence = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('check'), check: text }),
  z.strictObject({ kind: z.literal('row'), row: text }),
  z.strictObject({ kind: z.literal('fact'), fact }),
  z.strictObject({ kind: z.literal('missing'), why: text }),
]);

const control = z.strictObject({
  ...{ id: text, title: text, source: text, level: z.enum(levels) },
  applies: z.strictObject({
    environments: z.array(text).max(LIST_MAX).readonly().exactOptional(),
    services: z.array(text).max(LIST_MAX).readonly().exactOptional(),
    fact: fact.exactOptional(),
  }),
  evidence: z.array(evidence).max(LIST_MAX).readonly(),
});

export const plannedControlsSchema = z.strictObject({
  profile: z.strictObject({
    ...{ name: text, title: text, controls: z.array(control).min(1).max(LIST_MAX).readonly() },
    /** Its file, or its name when it is built in. */
    ...{ where: text, digest: digestSchema },
  }),
  exemptions: z
    .array(
      z.strictObject({
        ...{ control: text, reason: text, owner: text, until: text, untilMs: z.number() },
      }),
    )
    .max(LIST_MAX)
    .readonly(),
  declared: z.strictObject({
    ...{ system: text, service: text, environment: text, configDigest: digestSchema },
    strictness: z.enum(['critical', 'standard']),
    /** Where clients reach the service; null of a balancer that declares no address. */
    address: address.nullable(),
    /** Those of all services. */
    addresses: z.array(address).max(LIST_MAX).readonly(),
    /** Missing in plans from before it was said. */
    backups: z
      .array(z.strictObject({ name: text, ageMs: z.number(), everyMs: z.number().exactOptional() }))
      .max(LIST_MAX)
      .readonly()
      .exactOptional(),
    /** Where they are kept; in the state directory when missing. */
    backupStore: s3PlaceSchema.exactOptional(),
  }),
});

export type PlannedControls = Readonly<z.output<typeof plannedControlsSchema>>;

export type Declared = PlannedControls['declared'];
