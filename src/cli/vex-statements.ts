/** What people have stated on vulnerabilities of a service, from the documents that its validation names. */
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { SystemConfig } from '../config/system-config.ts';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import type { VexStatement } from '../core/validation/vex.ts';
import { isSystemError } from '../platform/is-system-error.ts';
import { readVex } from '../platform/read-vex/read-vex.ts';

/** `paths` are relative to `folder`. Throws `config-invalid`, with the path, for what cannot be read or is no VEX. */
export async function vexStatements(
  folder: string,
  paths: readonly string[],
): Promise<readonly VexStatement[]> {
  const all = await Promise.all(paths.map((path) => statementsIn(folder, path)));
  return all.flat();
}

/** Throws as `vexStatements` for what any service names. */
export async function refuseBadVex(folder: string, { services }: SystemConfig): Promise<void> {
  for (const { validation } of Object.values(services)) {
    if (validation) await vexStatements(folder, validation.vex);
  }
}

async function statementsIn(folder: string, path: string): Promise<readonly VexStatement[]> {
  try {
    return await readVex(createReadStream(resolve(folder, path)) as AsyncIterable<Buffer>);
  } catch (error) {
    throw operationalError('config-invalid', `${path}, named by vex: ${reasonOf(error)}`, {
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
