/** An isolated candidate for the checks of a service, and what such a check may say of its target. */
import { z } from 'zod';
import { ownValue } from '../core/own-value.ts';
import { durationWithin } from '../core/model/duration.ts';
import { sizeWithin } from '../core/model/size-within.ts';
import { dependencyOrder } from '../core/plan/dependency-order.ts';
import { countWithin, nameSchema, variableNameSchema } from './scalar-schemas.ts';
import type { CheckConfig, ValidationConfig } from './system-config.ts';

const LIST_MAX = 100;
const TEXT_MAX = 10_000;
const OPEN_FILES_MAX = 10_000_000;
const PROCESSORS_MAX = 1_024;

/** A row of the results, and a name that others need. */
export const PREVIEW = 'preview';

const environment = z.record(variableNameSchema, z.string());

const commandSchema = z
  .array(z.string().max(TEXT_MAX))
  .nonempty('names the program to start')
  .max(LIST_MAX);

const databaseSchema = z
  .strictObject({
    engine: z
      .literal('postgres')
      .exactOptional()
      .describe("An empty one: Surefoot's own PostgreSQL, on a Unix socket."),
    backup: nameSchema
      .exactOptional()
      .describe(
        'One that is restored, instead of an empty one: the newest verified backup of this name of `backups`, beside what runs. Its driver is `pg-base`, `pg-dump` or `sqlite`; with the last, the variable holds a path.',
      ),
    variable: variableNameSchema
      .prefault('DATABASE_URL')
      .describe('In which its connection string is given to the instance and to `seed`.'),
    seed: z
      .array(commandSchema)
      .max(LIST_MAX)
      .prefault([])
      .describe(
        'Commands that fill it, or bring what was restored to the schema of the release, one behind the other, where the instance will run.',
      ),
  })
  .refine(({ engine, backup }) => (engine === undefined) !== (backup === undefined), {
    error: 'names either engine, for an empty one, or backup, for one that is restored',
  });

export const previewSchema = z.strictObject({
  path: z
    .string()
    .min(1)
    .max(500)
    .refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), {
      error: ({ input }) => `"${String(input)}" must lie below the folder that is checked`,
    })
    .exactOptional()
    .describe(
      'Where it runs, below the folder that is checked, with what the checks that it needs have made there; may hold `{version}`. Default: in a copy of the release as it is.',
    ),
  needs: z
    .array(nameSchema)
    .max(LIST_MAX)
    .prefault([])
    .describe('Checks that must pass before it starts.'),
  env: environment
    .prefault({})
    .describe(
      "Environment besides the target's, over which it wins. What is left of the target's points to what the target uses.",
    ),
  ready: durationWithin(
    '1s',
    '1h',
    'How long it may take until all probes of the service pass.',
  ).prefault('30s'),
  database: databaseSchema
    .exactOptional()
    .describe('A database of its own, empty or restored from a backup, deleted in the end.'),
});

const resourcesSchema = z
  .strictObject({
    memory: sizeWithin(
      '1MiB',
      '16TiB',
      'Resident memory of all processes, at most.',
    ).exactOptional(),
    openFiles: countWithin(1, OPEN_FILES_MAX)
      .exactOptional()
      .describe('Open files, sockets among them, of all processes, at most.'),
    cpu: z
      .number()
      .positive()
      .max(PROCESSORS_MAX)
      .exactOptional()
      .describe('Processors in use over five seconds, at most.'),
    growth: z
      .boolean()
      .exactOptional()
      .describe(
        'Whether memory must not grow once it is warm. Needs 80 s; a minute or more behind the warm-up shows more.',
      ),
  })
  .refine((resources) => Object.keys(resources).length > 0, {
    error: 'names nothing; say memory, openFiles, cpu or growth, or leave it out',
  });

/** Of a check that asks something that runs. */
export const targetKeys = {
  preview: z
    .boolean()
    .exactOptional()
    .describe(
      'Whether it needs the preview. `{preview.url}`, `{preview.host}` and `{preview.port}` in `run` and `env` stand for its address. It must be alive before and after, and the same process: one that was restarted in between does not count.',
    ),
  target: z
    .url({ protocol: /^https?$/, error: 'must be a URL with http or https' })
    .exactOptional()
    .describe(
      'What it asks instead of a preview: must answer before and after, with less than 400; redirects are not followed.',
    ),
  alone: z
    .boolean()
    .exactOptional()
    .describe('Whether nothing else may use the preview, or the target, while it runs.'),
  resources: resourcesSchema
    .exactOptional()
    .describe('What the preview may take up while it runs, looked at every second.'),
};

const PLACEHOLDER = /\{preview\.(?:url|host|port)\}/;

/** Within one check. */
export function refuseTargetConflicts(
  check: Pick<CheckConfig, 'row' | 'run' | 'env' | 'preview' | 'target' | 'alone' | 'resources'>,
  context: z.RefinementCtx,
): void {
  const refuse = (key: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [key], message });
  if (check.preview && check.target !== undefined) {
    refuse('target', 'is what it asks instead of a preview; say one of them');
  }
  if (check.alone && !check.preview && check.target === undefined) {
    refuse('alone', 'with nothing that others use; say preview or target');
  }
  if (check.resources && !check.preview) {
    refuse('resources', 'are those of the preview, which it does not need');
  }
  if (check.row === 'V13' && !Object.values(check.resources ?? {}).some(Boolean)) {
    refuse('row', 'is fulfilled by resources, of which it names none');
  }
  if (check.preview) return;
  const isFilled = (text: string): boolean => PLACEHOLDER.test(text);
  if (check.run.some(isFilled)) refuse('run', 'names the preview without preview: true');
  if (Object.values(check.env).some(isFilled)) {
    refuse('env', 'names the preview without preview: true');
  }
}

/** Between the preview and the checks around it. */
export function refusePreviewConflicts(
  { preview, checks }: Pick<ValidationConfig, 'preview' | 'checks'>,
  context: z.RefinementCtx,
): void {
  const refuse = (path: readonly (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path: [...path], message });
  if (!preview) {
    for (const [name, check] of Object.entries(checks)) {
      if (check.preview) refuse(['checks', name, 'preview'], 'needs validation.preview');
    }
    return;
  }
  if (Object.hasOwn(checks, PREVIEW)) {
    refuse(['checks', PREVIEW], 'is the name of the preview itself');
  }
  for (const [index, need] of preview.needs.entries()) {
    if (!Object.hasOwn(checks, need)) {
      const declared = Object.keys(checks).join(', ');
      refuse(['preview', 'needs', index], `there is no check "${need}"; declared are: ${declared}`);
    } else if (usesPreview(checks, need)) {
      refuse(
        ['preview', 'needs', index],
        `"${need}" needs the preview itself, so none could begin`,
      );
    }
  }
}

function usesPreview(checks: ValidationConfig['checks'], name: string): boolean {
  const needs = Object.entries(checks).map(([each, check]) => [each, check.needs] as const);
  const before = dependencyOrder(Object.fromEntries(needs), [name]).names;
  return before.some((each) => ownValue(checks, each)?.preview);
}
