/** Databases in memory, with tables, rows and what was applied to them: for simulated drivers, which all look at the same. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ContentPart } from '../core/backup/content.ts';

const contentSchema = z.strictObject({
  tables: z.record(
    z.string(),
    z.strictObject({ columns: z.array(z.string()), rows: z.array(z.string()) }),
  ),
  applied: z.array(
    z.strictObject({ name: z.string(), digest: z.string(), isFinished: z.boolean() }),
  ),
});

/** Never changed in place: whoever holds one has a moment. */
export type SimulatedContent = z.output<typeof contentSchema>;

export interface SimulatedDatabases {
  /** By URL. */
  readonly contents: Map<string, SimulatedContent>;
  /** How many were ever restored. */
  restored: number;
  /** How many statements wait for ever. */
  waiting: number;
}

export const EMPTY_DATABASE: SimulatedContent = { tables: {}, applied: [] };

export function createSimulatedDatabases(
  contents: Readonly<Record<string, SimulatedContent>> = {},
): SimulatedDatabases {
  return { contents: new Map(Object.entries(contents)), restored: 0, waiting: 0 };
}

export function simulatedBytes(content: SimulatedContent): Buffer {
  return Buffer.from(JSON.stringify(content));
}

/** Null of what is none. */
export function simulatedContentIn(bytes: Uint8Array): SimulatedContent | null {
  try {
    return contentSchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What was applied is a table like the others. */
export function simulatedParts({ tables, applied }: SimulatedContent): readonly ContentPart[] {
  const named = Object.entries(tables).flatMap(([name, { columns, rows }]): ContentPart[] => [
    { name: `${name} (definition)`, isDefinition: true, ...measured(columns) },
    { name, ...measured(rows) },
  ]);
  return [...named, { name: 'applied', ...measured(applied.map((each) => JSON.stringify(each))) }];
}

function measured(lines: readonly string[]): Pick<ContentPart, 'size' | 'hash'> {
  const hash = createHash('sha256').update(lines.toSorted().join('\n')).digest('hex');
  return { size: lines.length, hash };
}
