/** What an application asks of its own data when a backup was restored: a program that ends well, or does not. */
import { z } from 'zod';

/** Stands in its words and its environment for what an application reaches the restored data by. */
export const ADDRESS = '{address}';

export const backupProbeSchema = z.strictObject({
  run: z.array(z.string().min(1)).min(1).max(100).readonly(),
  environment: z.record(z.string().max(256), z.string()).readonly(),
  /** Absolute path of where it is run. */
  directory: z.string().min(1).max(4_096),
  timeBoxMs: z.int().positive(),
  /** Taken out of what is kept of its words. */
  secretValues: z.array(z.string()).readonly(),
});

export type BackupProbe = z.output<typeof backupProbeSchema>;

export interface ProbeAnswer {
  readonly isPassed: boolean;
  /** In one line. */
  readonly observed: string;
  /** What it said last. */
  readonly said: string;
}
