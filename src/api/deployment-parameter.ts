/** How clients name a deployment: `d7`, or just its number. */
import { z } from '@hono/zod-openapi';

export const deploymentIdSchema = z
  .string()
  .regex(/^d?[1-9][0-9]{0,8}$/, 'is not a deployment id; they look like d7');

export const deploymentParameter = z.object({
  id: deploymentIdSchema.openapi({ param: { name: 'id', in: 'path' }, example: 'd7' }),
});

export function deploymentNumberOf(id: string): number {
  return Number(id.replace('d', ''));
}
