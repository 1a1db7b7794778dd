/** What configuration needs to know of a driver: every driver of the registry is one. */
import type { z } from 'zod';

export interface ConfigurableDriver {
  readonly kind: 'target' | 'balancer' | 'probe' | 'report' | 'backup' | 'migration';
  readonly id: string;
  readonly summary: string;
  /** The driver's part of the file, without the `driver` key. */
  readonly config: z.ZodObject;
}
