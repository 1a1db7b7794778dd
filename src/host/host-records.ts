/**
 * What the host keeps on disk: per scope the newest token, per pool what was asked for, per instance
 * its port and process. Written before the act that it describes.
 */
import { z } from 'zod';
import type { InstanceId, PoolId, Scope } from '../core/model/ids.ts';

const tokenSchema = z.object({
  deployment: z.int().nonnegative(),
  sequence: z.int().nonnegative(),
});

const name = '[A-Za-z0-9][A-Za-z0-9_-]{0,62}';
const poolPattern = new RegExp(`^${name}\\.${name}\\.\\d{1,15}(?:-baseline)?$`);
const scopePattern = new RegExp(`^${name}/${name}$`);

const poolIdSchema = z
  .string()
  .regex(poolPattern, 'must be <environment>.<service>.<number>, or the same with -baseline')
  .transform((text) => text as PoolId);
const scopeSchema = z
  .string()
  .regex(scopePattern, 'must be <environment>/<service>')
  .transform((text) => text as Scope);

const noNul = (text: string): boolean => !text.includes('\0');
const plainText = z.string().refine(noNul, 'must not contain NUL');

const variableName = /^(?!(?:PORT|HOST|SUREFOOT_.*)$)[A-Za-z_][A-Za-z0-9_]*$/;

// Checked here and not as the record's key type, whose issue would not say what is wrong.
const environmentSchema = z.record(z.string(), plainText).superRefine((variables, context) => {
  for (const name of Object.keys(variables)) {
    if (variableName.test(name)) continue;
    context.addIssue({ code: 'custom', path: [name], message: 'is no name, or a reserved one' });
  }
});

const poolSpecSchema = z.object({
  pool: poolIdSchema,
  scope: scopeSchema,
  release: z.object({ version: plainText, configDigest: plainText }),
  artifact: z.object({
    path: plainText.min(1),
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256:<64 hex digits>'),
  }),
  command: z.array(plainText).nonempty(),
  environment: environmentSchema,
  instances: z.int().min(1).max(64),
  startTimeoutMs: z.int().positive(),
  restart: z.enum(['always', 'never']),
});

const scopeRecordSchema = z.object({
  scope: scopeSchema,
  token: tokenSchema,
  /** Digest of the command that the token came with. */
  command: z.string(),
});

const poolRecordSchema = z.object({
  spec: poolSpecSchema,
  desired: z.enum(['running', 'stopped']),
  /** With which grace a stop that a crash interrupted goes on. */
  stopGraceMs: z.int().nonnegative(),
});

const instanceRecordSchema = z.object({
  id: z.string().transform((text) => text as InstanceId),
  port: z.int().min(1).max(65535),
  /** Written before the process is started: it is found again by this id in its environment. */
  launch: z.object({ id: z.string(), token: tokenSchema }).nullable(),
  process: z.object({ pid: z.int().positive(), startTime: z.string() }).nullable(),
  exit: z.object({ code: z.int().nullable(), signal: z.string().nullable() }).nullable(),
  unexpectedExits: z.int().nonnegative(),
});

export const hostSchemas = {
  token: tokenSchema,
  poolId: poolIdSchema,
  scope: scopeSchema,
  poolSpec: poolSpecSchema,
  scopeRecord: scopeRecordSchema,
  poolRecord: poolRecordSchema,
  instanceRecord: instanceRecordSchema,
} as const;

export type ScopeRecord = Readonly<z.infer<typeof scopeRecordSchema>>;
export type PoolRecord = Readonly<z.infer<typeof poolRecordSchema>>;
export type InstanceRecord = Readonly<z.infer<typeof instanceRecordSchema>>;
