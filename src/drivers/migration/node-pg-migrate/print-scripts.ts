/**
 * Asks scripts for the SQL that they would run: in a process of its own, which knows no database, by the node-pg-migrate
 * that lies beside them.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { systemClock } from '../../../platform/clock.ts';
import { inheritedEnvironment } from '../../../platform/inherited-environment.ts';
import { runTool, type ToolEnd } from '../../../platform/run-tool.ts';
import { unlessMissing } from '../../../platform/unless-missing.ts';

const printedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('read'), steps: z.array(z.string()), isTransaction: z.boolean() }),
  z.object({ kind: z.literal('unread'), because: z.string() }),
]);

export type Printed = z.output<typeof printedSchema>;

const TIME_BOX_MS = 20_000;

/** By the names of their files. One that does not say is told with the reason, and does no harm to the others. */
export async function printScripts(
  folder: string,
  names: readonly string[],
  { schema, signal }: { readonly schema: readonly string[]; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, Printed>> {
  if (names.length === 0) return new Map();
  const scratch = await mkdtemp(join(tmpdir(), 'surefoot-scripts-'));
  const late = systemClock.deadline(TIME_BOX_MS);
  try {
    const output = join(scratch, 'printed.json');
    const input = join(scratch, 'asked.json');
    await writeFile(input, JSON.stringify({ folder, names, schema, output }));
    const said: string[] = [];
    const end = await runTool({
      program: process.execPath,
      args: [script(), input],
      ...{ directory: folder, environment: inheritedEnvironment(process.env), outputFile: null },
      ...{ onLine: (line) => said.push(line), clock: systemClock },
      signal: AbortSignal.any([signal, late.signal]),
    });
    signal.throwIfAborted();
    const written = await unlessMissing(readFile(output, 'utf8'));
    if (written !== null) return new Map(z.array(entry).parse(JSON.parse(written)));
    const because = whyNothing(end, said);
    return new Map(names.map((name) => [name, { kind: 'unread', because }]));
  } finally {
    late.release();
    await rm(scratch, { recursive: true });
  }
}

const entry = z.tuple([z.string(), printedSchema]);

function script(): string {
  // The same file as source and as built JavaScript.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./print-scripts-main.${extension}`, import.meta.url));
}

function whyNothing(end: ToolEnd, said: readonly string[]): string {
  if (end.kind === 'ended') return `it did not end within ${TIME_BOX_MS / 1_000} s.`;
  const words = said.slice(-3).join(' ').trim();
  return words === '' ? 'the script ended Node.js.' : `Node.js says: ${words}.`;
}
