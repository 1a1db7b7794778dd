/** Asks the keeper of a state directory what runs. */
import { z } from 'zod';
import { OperationalError } from '../core/operational-error.ts';
import { callControl } from './control-client.ts';
import { keeperFilesIn } from './keeper-files.ts';
import type { StateDirectory } from './state-directory.ts';

const ANSWER_MS_MAX = 5_000;

const statusSchema = z.object({
  pid: z.int(),
  version: z.string(),
  /** RFC 3339, when this keeper began. */
  since: z.string(),
  /** Null with an external server. */
  postgres: z
    .object({
      pid: z.int().nullable(),
      serving: z.boolean(),
      restarts: z.int(),
      /** Why the last start failed; null once it serves. */
      problem: z.string().nullable(),
    })
    .nullable(),
  roles: z.array(
    z.object({
      name: z.string(),
      pid: z.int().nullable(),
      ready: z.boolean(),
      restarts: z.int(),
      since: z.string(),
    }),
  ),
});

export type KeeperStatus = z.infer<typeof statusSchema>;

/** Null when no keeper answers. */
export async function keeperStatus(directory: StateDirectory): Promise<KeeperStatus | null> {
  try {
    const answer = await callControl(keeperFilesIn(directory).socket, {
      method: 'GET',
      path: '/v1/status',
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    return statusSchema.parse(answer);
  } catch (error) {
    if (error instanceof OperationalError && error.failure.code === 'agent-unreachable')
      return null;
    throw error;
  }
}
