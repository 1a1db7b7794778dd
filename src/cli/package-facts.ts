import { z } from 'zod';
import type { PackageFacts } from '../config/packs/project-facts.ts';
import { readPlainFile } from '../platform/read-plain-file.ts';
import { usageError } from './usage-error.ts';

const PACKAGE_BYTES_MAX = 16 * 1024 * 1024;
const texts = z.record(z.string(), z.string()).prefault({});

const packageSchema = z.object({
  scripts: texts,
  dependencies: texts,
  devDependencies: texts,
  optionalDependencies: texts,
  peerDependencies: texts,
  overrides: z.record(z.string(), z.unknown()).prefault({}),
});

/** What a package.json says; one that cannot be read is refused, with the place. */
export async function packageFacts(path: string): Promise<PackageFacts> {
  const { data, error } = packageSchema.safeParse(await parsed(path));
  if (error) {
    const [issue] = error.issues;
    const place = issue?.path.join('.') ?? '';
    throw usageError(
      `${path}: ${place === '' ? 'it' : place} is not as npm has it: ${issue?.message ?? ''}.`,
    );
  }
  const { scripts, overrides, ...needed } = data;
  return {
    scripts,
    declared: new Set(Object.values(needed).flatMap((packages) => Object.keys(packages))),
    overridden: new Set(Object.keys(overrides)),
  };
}

async function parsed(path: string): Promise<unknown> {
  const text = (await readPlainFile(path, PACKAGE_BYTES_MAX))
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError(`${path}${placeIn(text, reason)} is no JSON: ${reason}.`);
  }
}

/** The engine says how far it came, or that there is no more. */
function placeIn(text: string, reason: string): string {
  const [, position] = /at position (\d+)/.exec(reason) ?? [];
  const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n');
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
