/** What the head of a report says: of what it is, of when, and to what it came. */
import { z } from 'zod';
import { operationalError } from '../../../core/operational-error.ts';
import type { SignedStatement } from '../../../core/validation/fact.ts';

const VERSIONS_MAX = 100;
const HEAD = /^---\r?\n([^]*?)\r?\n---(?:\r?\n|$)/;
const LINE = /^([a-z]+):[ \t]*(\S.*?)[ \t]*$/;

const headSchema = z.strictObject({
  system: z.string(),
  service: z.string(),
  versions: z
    .string()
    .transform((text) => text.split(',').map((version) => version.trim()))
    .refine((all) => all.every((version) => version !== '') && all.length <= VERSIONS_MAX, {
      error: 'are versions with commas between them',
    }),
  date: z.iso.date({ error: 'is a day like 2026-11-20' }),
  artifact: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, { error: 'is a digest: sha256: and 64 digits of 0-9 and a-f' })
    .optional(),
  result: z.enum(['passed', 'failed'], { error: 'is passed or failed' }),
});

/** Throws `report-invalid`, with what is missing. */
export function statementIn(text: string): Omit<SignedStatement, 'signer'> {
  const [, head] = HEAD.exec(text) ?? [];
  if (head === undefined) {
    throw invalid('It does not begin with a head: lines between two of ---');
  }
  const lines = new Map<string, string>();
  for (const line of head.split(/\r?\n/)) {
    const [, key, value] = LINE.exec(line) ?? [];
    if (key === undefined || value === undefined) throw invalid(`Its head has no key in "${line}"`);
    if (lines.has(key)) throw invalid(`Its head says "${key}" twice`);
    lines.set(key, value);
  }
  const { data, error } = headSchema.safeParse(Object.fromEntries(lines));
  if (!data) {
    const [issue] = error.issues;
    throw invalid(`Its head is not right: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  const { artifact = null, date, result, ...subject } = data;
  const madeAtMs = Date.parse(`${date}T00:00:00Z`);
  return { ...subject, artifact, madeAtMs, isPassed: result === 'passed' };
}

function invalid(message: string): Error {
  return operationalError(
    'report-invalid',
    `${message}. It needs system, service, versions, date and result; artifact may be there.`,
  );
}
