/** How routes declare the JSON that they take and give. */
import { z } from '@hono/zod-openapi';

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return {
    body: { required: true, content: { 'application/json': { schema } } },
  } as const;
}

/** Answers are typed by `contract/answers.ts`; the document names them without repeating their form. */
export function jsonAnswers(description: string) {
  return {
    200: { description, content: { 'application/json': { schema: z.any() } } },
    201: { description: 'Started', content: { 'application/json': { schema: z.any() } } },
  } as const;
}
