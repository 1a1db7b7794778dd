/** What a client sends to plan or start a deployment: services and their releases, all values resolved. */
import { z } from '@hono/zod-openapi';
import { plannedControlsSchema } from '../../core/compliance/planned-controls.ts';
import { requestLimitsSchema } from '../../core/model/request-limits.ts';
import { backupRequestSchema, databaseRequestSchema } from './data-request.ts';
import { WEEKDAYS } from '../../core/windows/deployment-window.ts';
import { isTimeZone } from '../../core/windows/zone-offset.ts';
import { driverChoice } from './driver-choice.ts';
import { requestScalars } from './request-scalars.ts';
import { fieldNameSchema, nameSchema } from '../../config/scalar-schemas.ts';

const { count, durationMs, path, text } = requestScalars;
const ENTRIES_MAX = 100;
const URL_LENGTH_MAX = 4_096;
const INSTANCES_MAX = 1_000;
const WORDS_MAX = 1_000;
const STATEMENTS_MAX = 10_000;

/** Part of folders, headers and lines of text: no white space, control or direction characters. */
const VERSION = /^[\p{L}\p{N}][^\s\p{C}/\\]*$/u;
const versionSchema = z
  .string()
  .max(128)
  .refine(
    (text) => VERSION.test(text),
    'is no version: begin with a letter or digit, without spaces, slashes or invisible characters',
  );
const PRINTABLE = /^[^\p{C}]*$/u;
const printable = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => PRINTABLE.test(text), 'holds control or invisible characters');

const canarySchema = z.strictObject({
  kind: z.literal('canary'),
  steps: z
    .array(
      z.strictObject({
        weight: z.number().int().min(1).max(100),
        holdFor: durationMs,
        minSamples: count,
      }),
    )
    .min(1)
    .max(ENTRIES_MAX)
    .refine(
      (steps) =>
        steps.at(-1)?.weight === 100 &&
        steps.every(({ weight }, index) => weight > (steps[index - 1]?.weight ?? 0)),
      'rise from step to step and end with 100',
    ),
});
const blueGreenSchema = z.strictObject({
  kind: z.literal('blue-green'),
  proof: count,
});

const rollingSchema = z.strictObject({
  kind: z.literal('rolling'),
  batch: z.union([
    z.strictObject({ instances: count }),
    z.strictObject({ share: z.number().gt(0).max(1) }),
  ]),
});

const listSchema = z.array(z.string().min(1).max(200)).max(ENTRIES_MAX).readonly();

const mirrorRequestSchema = z.strictObject({
  percent: z.number().int().min(1).max(100),
  minSamples: count,
  deadline: durationMs,
  maxDifferent: z.number().min(0).max(1),
  maxInFlight: z.number().int().min(1).max(1_000),
  maxPerSecond: z.number().int().min(1).max(10_000),
  skip: listSchema,
  compare: z.strictObject({ headers: listSchema, ignore: listSchema }),
});

const resourceSchema = z.strictObject({
  limit: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  safeLife: durationMs,
});

export const rolloutRequestSchema = z.strictObject({
  strategy: z.discriminatedUnion('kind', [canarySchema, blueGreenSchema, rollingSchema]),
  lease: durationMs,
  safeFirst: z.number().int().min(0).max(1_000_000).default(0),
  hedge: z.number().int().min(0).max(100).default(0),
  assignment: z
    .strictObject({ by: z.enum(['cookie', 'header']), name: fieldNameSchema })
    .optional(),
  probing: z.strictObject({
    consecutive: count,
    interval: durationMs,
    deadline: durationMs,
  }),
  gate: z.strictObject({
    holdFor: durationMs,
    deadline: durationMs,
    minSamples: count,
    compare: z
      .array(z.enum(['errors', 'latency']))
      .refine((families) => new Set(families).size === families.length, 'are named once each')
      .default([]),
    resources: z
      .strictObject({
        memory: resourceSchema.exactOptional(),
        openFiles: resourceSchema.exactOptional(),
      })
      .exactOptional(),
    excludeHarm: z.boolean().default(false),
    warmUp: z.number().int().min(0).max(1_000_000).default(200),
    callerHeader: fieldNameSchema.optional(),
    errorRate: z.number().min(0).max(1),
    latency: z.strictObject({
      quantile: z.enum(['p50', 'p90', 'p95', 'p99', 'p99.9']),
      max: durationMs,
    }),
  }),
  approvals: z
    .array(
      z.strictObject({
        before: z.number().int().min(1).max(100),
        approvers: z.number().int().min(1).max(ENTRIES_MAX),
        exceptStarter: z.boolean(),
        deadline: durationMs,
      }),
    )
    .max(ENTRIES_MAX)
    .refine(
      (gates) => new Set(gates.map(({ before }) => before)).size === gates.length,
      'have one gate before each share',
    )
    .default([]),
  trip: z.strictObject({
    connectErrors: count,
    serverErrors: count,
    timeouts: count,
    hangAfterMs: durationMs.exactOptional(),
  }),
  drain: durationMs,
  keepOld: durationMs.or(z.literal(0)),
  baselineInstances: z.number().int().min(0).max(INSTANCES_MAX).default(0),
  mirror: mirrorRequestSchema.exactOptional(),
});

const windowRequestSchema = z
  .strictObject({
    days: z.array(z.enum(WEEKDAYS)).min(1).max(WEEKDAYS.length).readonly(),
    fromMinute: z.number().int().min(0).max(1_439),
    toMinute: z.number().int().min(0).max(1_440),
    timeZone: z.string().max(100).refine(isTimeZone, 'is no time zone of the IANA database'),
  })
  .refine(({ fromMinute, toMinute }) => fromMinute !== toMinute, 'ends when it begins');

const texts = z
  .record(path, text)
  .refine((all) => Object.keys(all).length <= WORDS_MAX, `holds more than ${WORDS_MAX}`);

const checkRequestSchema = z.strictObject({
  name: nameSchema,
  row: z.string().max(10).exactOptional(),
  run: z.array(text).min(1).max(WORDS_MAX),
  report: driverChoice.exactOptional(),
  needs: z.array(nameSchema).max(ENTRIES_MAX),
  plant: texts,
  plantApart: texts,
  database: z
    .strictObject({
      file: path,
      age: durationMs,
      field: path.exactOptional(),
    })
    .exactOptional(),
  timeout: durationMs,
  cpus: z.number().int().min(1).max(ENTRIES_MAX),
  env: texts,
  ownCopy: z.boolean().exactOptional(),
  preview: z.boolean().exactOptional(),
  target: z
    .url({ protocol: /^https?$/ })
    .max(URL_LENGTH_MAX)
    .exactOptional(),
  alone: z.boolean().exactOptional(),
  resources: z
    .strictObject({
      memory: z.number().int().positive().max(Number.MAX_SAFE_INTEGER).exactOptional(),
      openFiles: count.exactOptional(),
      cpu: z
        .number()
        .positive()
        .max(ENTRIES_MAX * ENTRIES_MAX)
        .exactOptional(),
      growth: z.boolean().exactOptional(),
    })
    .exactOptional(),
});

const previewRequestSchema = z.strictObject({
  path: path.exactOptional(),
  needs: z.array(nameSchema).max(ENTRIES_MAX),
  ready: durationMs,
  database: z
    .strictObject({
      engine: z.literal('postgres').exactOptional(),
      backup: nameSchema.exactOptional(),
      variable: z.string().min(1).max(256),
      seed: z.array(z.array(text).min(1).max(WORDS_MAX)).max(ENTRIES_MAX),
    })
    .refine(
      ({ engine, backup }) => (engine === undefined) !== (backup === undefined),
      'names either engine or backup',
    )
    .exactOptional(),
  /** Besides that of the instances. */
  env: texts,
});

const validationRequestSchema = z
  .strictObject({
    source: path,
    isArtifact: z.boolean(),
    timeBoxMs: durationMs,
    reuseMs: durationMs,
    waivers: z
      .array(
        z.strictObject({
          finding: text,
          place: text.nullable(),
          message: text.nullable(),
          check: nameSchema.nullable(),
          reason: text,
          owner: text,
          until: z.string().max(100),
          untilMs: z.number(),
        }),
      )
      .max(WORDS_MAX)
      .readonly(),
    vex: z
      .array(
        z.strictObject({
          vulnerability: text,
          aliases: listSchema,
          products: z
            .array(
              z.strictObject({
                package: z
                  .strictObject({
                    name: text,
                    version: text.nullable(),
                    ecosystem: text.nullable(),
                  })
                  .nullable(),
                doubt: z.strictObject({ isAnother: z.boolean(), why: text }).nullable(),
              }),
            )
            .max(STATEMENTS_MAX)
            .readonly(),
          status: z.enum(['not_affected', 'affected', 'fixed', 'under_investigation']),
          justification: text.nullable(),
          atMs: z.number().nullable(),
        }),
      )
      .max(STATEMENTS_MAX)
      .readonly(),
    preview: previewRequestSchema.exactOptional(),
    /** What others need comes first. */
    checks: z.array(checkRequestSchema).min(1).max(ENTRIES_MAX).readonly(),
    controls: plannedControlsSchema.exactOptional(),
    /** What must stand in nothing that is kept of the checks. */
    secretValues: z.array(text).max(WORDS_MAX),
  })
  .refine(
    ({ preview, checks }) => preview !== undefined || !checks.some((check) => check.preview),
    'has checks that need a preview, and none',
  );

const serviceRequestSchema = z
  .strictObject({
    service: nameSchema,
    release: z.strictObject({
      version: versionSchema,
      artifactPath: path,
      artifactDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
      configDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    }),
    target: driverChoice.extend({
      config: z.looseObject({
        command: z.array(text).min(1).max(WORDS_MAX),
        env: z
          .record(z.string().max(256), text)
          .refine(
            (env) => Object.keys(env).length <= WORDS_MAX,
            `holds more than ${WORDS_MAX} variables`,
          )
          .default({}),
        instances: z.number().int().positive().max(INSTANCES_MAX),
        startTimeout: durationMs,
        stopGrace: durationMs,
      }),
    }),
    balancer: driverChoice.extend({
      config: z.looseObject({
        listen: z.strictObject({
          host: z.string().min(1).max(255),
          port: z.number().int().min(1).max(65_535),
        }),
        requestTimeout: durationMs,
        limits: requestLimitsSchema.exactOptional(),
      }),
    }),
    probes: z
      .array(driverChoice.extend({ name: z.string().max(100) }))
      .min(1)
      .max(ENTRIES_MAX),
    rollout: rolloutRequestSchema,
    /** What is checked before anything is touched; missing when nothing is. */
    validation: validationRequestSchema.exactOptional(),
    database: databaseRequestSchema.exactOptional(),
    backups: z.array(backupRequestSchema).max(ENTRIES_MAX).readonly().exactOptional(),
    /** When it may be deployed: one window of each list must be open. At any time when it is missing. */
    windows: z
      .array(z.array(windowRequestSchema).min(1).max(ENTRIES_MAX).readonly())
      .min(1)
      .max(ENTRIES_MAX)
      .exactOptional(),
  })
  .refine(
    ({ validation, backups = [] }) => {
      const name = validation?.preview?.database?.backup;
      return name === undefined || backups.some((backup) => backup.name === name);
    },
    { path: ['validation', 'preview', 'database', 'backup'], error: 'is none of the backups' },
  )
  .openapi('ServiceRequest');

/** Who asks, why, and what they saw before they asked. */
export const intentSchema = z.strictObject({
  actor: printable,
  reason: z.string().max(2_000),
  /** Refused with `plan-outdated` when the plan made now has another digest. */
  planDigest: z.string().max(200).optional(),
  /** The same key again gives the same deployment instead of a second one. */
  requestKey: printable.optional(),
});

/** Nobody is stopped, or goes ahead in spite of that, without a word why. */
export const statedReasonSchema = intentSchema.shape.reason.refine(
  (reason) => reason.trim() !== '',
  'is empty; say why',
);

export const planRequestSchema = z
  .strictObject({
    /** `repair` does not rely on the release that serves, which may be broken. */
    kind: z.enum(['deploy', 'repair']).default('deploy'),
    system: nameSchema,
    environment: nameSchema,
    /** Why schemas of databases that have drifted are taken as they are found. */
    acceptDrift: statedReasonSchema.exactOptional(),
    /** Brought in together or not at all; what others depend on comes first. */
    services: z
      .tuple([serviceRequestSchema], serviceRequestSchema)
      .refine((services) => services.length <= ENTRIES_MAX, `are more than ${ENTRIES_MAX}`)
      .refine(
        (services) => new Set(services.map(({ service }) => service)).size === services.length,
        'are named once each',
      ),
  })
  .openapi('PlanRequest');

export const deployRequestSchema = planRequestSchema
  .extend(intentSchema.shape)
  /** Why it is to go ahead although the place is frozen. */
  .extend({ override: statedReasonSchema.optional() })
  .openapi('DeployRequest');

export const rollbackRequestSchema = intentSchema
  .extend({ environment: nameSchema, service: nameSchema })
  .openapi('RollbackRequest');

export const abortRequestSchema = intentSchema
  .pick({ actor: true, reason: true })
  .openapi('AbortRequest');

export type ServiceRequest = z.infer<typeof serviceRequestSchema>;
export type PlanRequest = z.infer<typeof planRequestSchema>;
export type DeployRequest = z.infer<typeof deployRequestSchema>;
export type RollbackRequest = z.infer<typeof rollbackRequestSchema>;
export type AbortRequest = z.infer<typeof abortRequestSchema>;
