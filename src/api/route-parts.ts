/** What every route declares alike. */
import { z } from '@hono/zod-openapi';

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return {
    body: { required: true, content: { 'application/json': { schema } } },
  } as const;
}

/** Answers are typed by `contract/answers.ts`; the document names them without repeating their form. */
export function answers(description: string) {
  return {
    200: { description, content: { 'application/json': { schema: z.any() } } },
    201: { description: 'Started', content: { 'application/json': { schema: z.any() } } },
  } as const;
}

export const deploymentParameter = z.object({
  id: z
    .string()
    .regex(/^d?[1-9][0-9]{0,8}$/, 'is not a deployment id; they look like d7')
    .openapi({ param: { name: 'id', in: 'path' }, example: 'd7' }),
});

export function deploymentNumberOf(id: string): number {
  return Number(id.replace('d', ''));
}
