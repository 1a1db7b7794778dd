/**
 * The one schema of surefoot.yaml: validation, the JSON Schema for editors and the reference page
 * come from here. Drivers bring the schema of their own part.
 */
import { z } from 'zod';
import { s3PlaceSchema } from '../core/backup/s3-place.ts';
import { invariant } from '../core/invariant.ts';
import { durationWithin } from '../core/model/duration.ts';
import { backupVerifySchema } from './backup-verify-schema.ts';
import type { ConfigurableDriver } from './configurable-driver.ts';
import { requestTimeoutOf } from './request-timeout.ts';
import { completeRollout, rolloutSchema } from './rollout-schema.ts';
import { countWithin, nameSchema, variableNameSchema } from './scalar-schemas.ts';
import { migrationShape, serviceDatabaseSchema } from './service-database-schema.ts';
import type { BackupChoice, MigrationChoice, SystemConfig } from './system-config.ts';
import { trafficSchema } from './traffic-schema.ts';
import { validationSchema } from './validation-schema.ts';
import { windowsSchema } from './windows-schema.ts';

const NAMES_MAX = 100;
const PLACEHOLDER = /\{([^{}]*)\}/g;

export function configSchema(drivers: readonly ConfigurableDriver[]) {
  return z
    .strictObject({
      version: z
        .literal(1, { error: ({ input }) => (input === undefined ? undefined : 'must be 1') })
        .describe('Format of this file; 1 is the only one.'),
      system: nameSchema.describe('Name of the whole that the services make up.'),
      profile: z
        .enum(['critical', 'standard'])
        .prefault('critical')
        .describe('How strict the defaults of the gates are.'),
      environments: recordOf(nameSchema, environmentSchema).describe(
        'Places the system runs in, by name.',
      ),
      backupStore: s3PlaceSchema
        .exactOptional()
        .describe(
          'Where the backups of all services are kept. Default: below the state directory, on this machine alone.',
        ),
      services: recordOf(nameSchema, serviceSchema(drivers)).describe(
        'Deployable parts of the system, by name.',
      ),
    })
    .transform((file): SystemConfig => ({
      ...file,
      services: Object.fromEntries(
        Object.entries(file.services).map(([name, service]) => {
          const requestTimeout = requestTimeoutOf(service.balancer.config);
          const defaults = { profile: file.profile, requestTimeout };
          return [name, { ...service, rollout: completeRollout(service.rollout, defaults) }];
        }),
      ),
    }));
}

/** The drivers' parts on their own, for rules that span several sections. */
export function driverSchema(
  drivers: readonly ConfigurableDriver[],
  kind: ConfigurableDriver['kind'],
) {
  return chosenDriver(drivers, kind, {}).transform(({ driver, ...config }) => ({ driver, config }));
}

const environmentSchema = z.strictObject({
  variables: z
    .record(variableNameSchema, z.string())
    .prefault({})
    .describe('Values for `${NAME}` in this environment; they win over environment variables.'),
  windows: windowsSchema
    .exactOptional()
    .describe(
      'When its services may be deployed; outside of that only rolled back or repaired. Default: at any time.',
    ),
});

function serviceSchema(drivers: readonly ConfigurableDriver[]) {
  return z.strictObject({
    release: z
      .strictObject({
        path: releasePathSchema.describe('Where a release lies; must hold `{version}`.'),
      })
      .describe('The artifact: a folder or a file.'),
    target: driverSchema(drivers, 'target').describe('Where and how instances run.'),
    balancer: driverSchema(drivers, 'balancer').describe('What splits the traffic.'),
    probes: z
      .array(probeSchema(drivers))
      .min(1, { error: 'needs at least one probe, or a dead release would be promoted' })
      .max(NAMES_MAX)
      .describe('Questions that every instance must answer before it gets traffic.'),
    dependsOn: z
      .array(nameSchema)
      .max(NAMES_MAX)
      .prefault([])
      .describe('Services that come first when several are deployed together.'),
    rollout: rolloutSchema.prefault({}).describe('How a release is brought in.'),
    windows: windowsSchema
      .exactOptional()
      .describe(
        'When it may be deployed, wherever that is: one of these and one of its environment must be open. Default: at any time.',
      ),
    validation: validationSchema(driverSchema(drivers, 'report'))
      .optional()
      .describe('Checks of a release before it is deployed: `surefoot check`.'),
    backups: recordOf(nameSchema, backupSchema(drivers))
      .exactOptional()
      .describe('What it keeps that must not be lost, by name: `surefoot backup`.'),
    database: serviceDatabaseSchema(migrationSchema(drivers))
      .exactOptional()
      .describe('Its PostgreSQL: migrations, and what must hold of the data.'),
    traffic: trafficSchema
      .optional()
      .describe('What its traffic is like, for `surefoot plan --power` and `--simulate`.'),
  });
}

const releasePathSchema = z
  .string()
  .min(1, { abort: true, error: 'must not be empty' })
  .superRefine((path, context) => {
    const placeholders = [...path.matchAll(PLACEHOLDER)].map(([, name]) => name);
    if (!placeholders.includes('version')) {
      const message = `"${path}" must hold {version}, or every release would be the same`;
      context.addIssue({ code: 'custom', message });
    }
    for (const name of placeholders.filter((placeholder) => placeholder !== 'version')) {
      const message = `{${name ?? ''}} is not known here; only {version} is`;
      context.addIssue({ code: 'custom', message });
    }
  });

function probeSchema(drivers: readonly ConfigurableDriver[]) {
  const name = nameSchema.describe('Unique among the probes of the service.');
  return chosenDriver(drivers, 'probe', { name }).transform(
    ({ driver, name: given, ...config }) => ({
      name: given as string,
      driver,
      config,
    }),
  );
}

function backupSchema(drivers: readonly ConfigurableDriver[]) {
  const shape = {
    age: durationWithin(
      '1m',
      '24d',
      'How old what a verified backup holds may be until it is `STALE`.',
    ).prefault('24h'),
    parts: countWithin(1, 1_000_000)
      .prefault(1)
      .describe('How many tables or files it must hold at least: an empty one is none.'),
    timeBox: durationWithin(
      '1s',
      '24d',
      'How long a deployment waits until it is taken and tried out.',
    ).prefault('1h'),
    every: durationWithin(
      '10m',
      '24d',
      'How often the server takes one and tries it out, deployed or not, by what was promoted last. Default: deployments alone.',
    ).exactOptional(),
    verify: backupVerifySchema
      .exactOptional()
      .describe('What its application asks of it, restored, before it is `VERIFIED`.'),
    keep: keepSchema
      .exactOptional()
      .describe(
        'What stays when another was verified, a deployment has one, or by `surefoot backup prune`. Default: all.',
      ),
    log: logSchema
      .exactOptional()
      .describe(
        'Of `pg-base` alone: the server keeps the log of the database, too, to restore any moment between two backups.',
      ),
  };
  return chosenDriver(drivers, 'backup', shape).transform(
    ({ driver, age, parts, timeBox, every, keep, log, verify, ...config }): BackupChoice => ({
      ...{ driver, config, age: age as number, parts: parts as number },
      timeBox: timeBox as number,
      ...(every !== undefined && { every: every as number }),
      ...(verify !== undefined && { verify: verify as z.output<typeof backupVerifySchema> }),
      ...(keep !== undefined && { keep: keep as z.output<typeof keepSchema> }),
      ...(log !== undefined && { log: log as z.output<typeof logSchema> }),
    }),
  );
}

const logSchema = z.strictObject({
  within: durationWithin(
    '1m',
    '24h',
    'How far the log that is kept may be behind: as much may be lost with the machine.',
  ).prefault('5m'),
});

/** One goes when both let it. */
const keepSchema = z.strictObject({
  last: countWithin(1, 10_000)
    .prefault(7)
    .describe('How many that are verified stay at least: the newest.'),
  days: countWithin(0, 36_500)
    .prefault(30)
    .describe('How old one is at least that goes, verified or not.'),
});

function migrationSchema(drivers: readonly ConfigurableDriver[]) {
  return chosenDriver(drivers, 'migration', migrationShape).transform(
    ({
      driver,
      path,
      lockTimeout,
      blocked,
      rowsLost,
      timeBox,
      env,
      ...config
    }): MigrationChoice => ({
      ...{ driver, config, path: path as string, rowsLost: rowsLost as number },
      ...{ lockTimeout: lockTimeout as number, blocked: blocked as number },
      ...{ timeBox: timeBox as number, env: env as MigrationChoice['env'] },
    }),
  );
}

/** One strict object per driver of the kind, told apart by the key `driver`. */
function chosenDriver(
  drivers: readonly ConfigurableDriver[],
  kind: ConfigurableDriver['kind'],
  shape: z.core.$ZodShape,
) {
  const [first, ...others] = drivers
    .filter((driver) => driver.kind === kind)
    .map((driver) =>
      driver.config.safeExtend({
        ...shape,
        driver: z.literal(driver.id).describe(driver.summary),
      }),
    );
  invariant(first !== undefined, `There is no ${kind} driver`);
  const options = [first, ...others] as const;
  return z.discriminatedUnion('driver', options) as unknown as z.ZodType<
    { driver: string } & Record<string, unknown>
  >;
}

function recordOf<Value extends z.ZodType>(name: typeof nameSchema, value: Value) {
  return z.record(name, value).superRefine((record, context) => {
    const count = Object.keys(record).length;
    if (count === 0) context.addIssue({ code: 'custom', message: 'needs at least one entry' });
    if (count > NAMES_MAX) {
      context.addIssue({ code: 'custom', message: `has ${count} entries; at most ${NAMES_MAX}` });
    }
  });
}
