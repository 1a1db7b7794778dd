/** Values that several parts of a request are made of, within what can be worked with. */
import { z } from '@hono/zod-openapi';

const WAIT_MS_MAX = 2 ** 31 - 1;
const COUNT_MAX = 2 ** 31 - 1;
/** Linux takes no longer argument or variable. */
const TEXT_LENGTH_MAX = 128 * 1024;
const PATH_LENGTH_MAX = 4_096;

export const requestScalars = {
  count: z.number().int().positive().max(COUNT_MAX),
  text: z.string().max(TEXT_LENGTH_MAX),
  path: z.string().min(1).max(PATH_LENGTH_MAX),
  durationMs: z.number().int().positive().max(WAIT_MS_MAX),
};
