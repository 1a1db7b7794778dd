/** What is written beside a backup's content: all that is needed to use it, sealed by its key so that nobody changes it. */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { damagedBackup } from '../../core/backup/damaged-backup.ts';
import { digestSchema } from '../../core/digest-schema.ts';
import { criterionSchema } from '../../core/validation/criterion-schema.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { OperationalError } from '../../core/operational-error.ts';
import { unwrapKey, type KeyRing } from './key-ring.ts';

const amount = z.strictObject({ bytes: z.int().min(0), digest: digestSchema });
const time = z.iso.datetime();

const manifestSchema = z.strictObject({
  format: z.literal(1),
  id: z.string().min(1),
  /** `production/newsroom/main`. */
  source: z.string().min(1),
  driver: z.string().min(1),
  /** The moment that it holds. */
  takenAt: time,
  /** What it was taken from: `PostgreSQL 18.4`. */
  server: z.string(),
  plain: amount,
  sealed: amount,
  key: z.strictObject({ by: z.string(), wrapped: z.base64() }),
  parts: z.array(
    z.strictObject({
      ...{ name: z.string().min(1), size: z.int().min(0), hash: z.string() },
      isDefinition: z.literal(true).exactOptional(),
    }),
  ),
  /** Of what a log leads on from. */
  logStart: z.strictObject({ after: z.string().min(1), at: time }).exactOptional(),
  /** Of a segment of a log, which is kept as a backup is. */
  segment: z
    .strictObject({
      /** The one before as it is kept; null of the first behind a backup, or behind a gap. */
      follows: z.strictObject({ id: z.string().min(1), digest: digestSchema }).nullable(),
      /** All that had ended by then is in it or before it; null where it does not say. */
      until: time.nullable(),
    })
    .exactOptional(),
});

const verificationSchema = z.strictObject({
  format: z.literal(1),
  /** Of the backup's content: of no other. */
  sealed: digestSchema,
  isPassed: z.boolean(),
  startedAt: time,
  endedAt: time,
  criteria: z.array(criterionSchema),
  /** The last words of the application's probe; missing where none was asked. */
  said: z.string().exactOptional(),
});

export type BackupManifest = z.output<typeof manifestSchema>;
export type BackupVerification = z.output<typeof verificationSchema>;

export interface OpenBackup {
  readonly manifest: BackupManifest;
  /** Of its content. */
  readonly key: Buffer;
}

/** What a key and a content are bound to: another backup, even of the same source, is another context. */
export function backupContext({ source, id }: Pick<BackupManifest, 'source' | 'id'>): string {
  return `${source}\n${id}`;
}

export function sealManifest(manifest: BackupManifest, key: Buffer): string {
  return sealed('manifest', manifest, key);
}

/** Throws `backup-damaged`, `backup-key-missing`. */
export function openManifest(text: string, ring: KeyRing): OpenBackup {
  const { value } = split(text);
  const found = manifestSchema.safeParse(value);
  if (!found.success) throw damagedBackup('Its manifest is none');
  const manifest = found.data;
  const key = unwrapKey(ring, manifest.key, backupContext(manifest));
  checkSeal('manifest', text, key);
  return { manifest, key };
}

export function sealVerification(verification: BackupVerification, key: Buffer): string {
  return sealed('verification', verification, key);
}

/** By which key it would open, whoever has it; null of what is no manifest. */
export function keyNamedIn(text: string): string | null {
  try {
    return manifestSchema.safeParse(split(text).value).data?.key.by ?? null;
  } catch (error) {
    if (error instanceof OperationalError) return null;
    throw error;
  }
}

/** Throws `backup-damaged` for one of another backup. */
export function openVerification(text: string, { manifest, key }: OpenBackup): BackupVerification {
  checkSeal('verification', text, key);
  const found = verificationSchema.safeParse(split(text).value);
  if (!found.success || found.data.sealed !== manifest.sealed.digest) {
    throw damagedBackup('Its verification is of something else');
  }
  return found.data;
}

type Kind = 'manifest' | 'verification';

function sealed(kind: Kind, value: unknown, key: Buffer): string {
  return written({ value, seal: sealOf(kind, value, key).toString('hex') });
}

function written({ value, seal }: z.output<typeof envelope>): string {
  return `${JSON.stringify({ value, seal }, null, 2)}\n`;
}

function checkSeal(kind: Kind, text: string, key: Buffer): void {
  const found = split(text);
  const expected = sealOf(kind, found.value, key);
  const seal = Buffer.from(found.seal, 'hex');
  const isSealed = seal.length === expected.length && timingSafeEqual(seal, expected);
  // Other readers of JSON may take another spelling, such as a name that comes twice, for something else.
  if (isSealed && text === written(found)) return;
  throw damagedBackup(`Its ${kind} was changed`);
}

/** A key of its own for each kind: one cannot be put in the other's place. */
function sealOf(kind: Kind, value: unknown, key: Buffer): Buffer {
  const own = hkdfSync('sha256', key, '', `surefoot backup ${kind} 1`, 32);
  return createHmac('sha256', Buffer.from(own)).update(canonicalJson(value)).digest();
}

const envelope = z.strictObject({
  value: z.unknown(),
  seal: z.string().regex(/^[0-9a-f]{64}$/),
});

function split(text: string): z.output<typeof envelope> {
  try {
    const found = envelope.safeParse(JSON.parse(text));
    if (found.success) return found.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw damagedBackup('What stands beside its content is not what was written');
}
