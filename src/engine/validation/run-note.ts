/** The note of a run: what of it lies outside its evidence. */
import { join } from 'node:path';
import { z } from 'zod';

export const runNote = z.object({
  /** In the environment of all its processes. */
  launch: z.string(),
  workDirectory: z.string(),
  /** The folder of the preview's database. */
  database: z.string(),
});

export type RunNote = z.infer<typeof runNote>;

/** Of runs that are under way, or were killed. */
export function noteFolder(stateDirectory: string): string {
  return join(stateDirectory, 'running-checks');
}
