/** What people have stated on vulnerabilities of a service, from the documents that its validation names. */
import { resolve } from 'node:path';
import type { SystemConfig, VexConfig } from '../config/system-config.ts';
import { vexProduct } from '../config/vex-schema.ts';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import type { VexStatement } from '../core/validation/vex.ts';
import { isSystemError } from '../platform/is-system-error.ts';
import { openPlainFile } from '../platform/open-plain-file.ts';
import { readVex } from '../platform/read-vex/read-vex.ts';

/**
 * Paths are relative to `folder`. `version`: null when it is not known yet. Throws `config-invalid`, with the path, for what
 * cannot be read or is no VEX.
 */
export async function vexStatements(
  { files, product }: VexConfig = { files: [] },
  { folder, version }: { readonly folder: string; readonly version: string | null },
): Promise<readonly VexStatement[]> {
  const own = product === undefined ? null : vexProduct(product, version);
  const all = await Promise.all(
    files.map((path) => statementsIn(resolve(folder, path), { path, own })),
  );
  return all.flat();
}

/** Throws as `vexStatements` for what any service names. */
export async function refuseBadVex(folder: string, { services }: SystemConfig): Promise<void> {
  for (const { validation } of Object.values(services)) {
    if (validation) await vexStatements(validation.vex, { folder, version: null });
  }
}

async function statementsIn(
  file: string,
  { path, own }: { readonly path: string; readonly own: string | null },
): Promise<readonly VexStatement[]> {
  try {
    const opened = await openPlainFile(file);
    return await readVex(opened.createReadStream() as AsyncIterable<Buffer>, own);
  } catch (error) {
    throw operationalError('config-invalid', `${path}, named by vex.files: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof OperationalError) return error.message;
  if (!isSystemError(error)) throw error;
  return error.code === 'ENOENT'
    ? 'there is no such file.'
    : `it cannot be read: ${error.message}.`;
}
