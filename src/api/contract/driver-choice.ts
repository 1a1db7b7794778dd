import { z } from '@hono/zod-openapi';

/** The driver's own schema looks at its configuration. */
export const driverChoice = z.strictObject({
  driver: z.string().max(100),
  config: z.looseObject({}),
});
