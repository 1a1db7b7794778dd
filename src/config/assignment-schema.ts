/** By what clients stay with their release while a candidate shares the traffic. */
import { z } from 'zod';
import type { Assignment } from '../core/model/routing.ts';
import { fieldNameSchema } from './scalar-schemas.ts';

const COOKIE_DEFAULT = 'surefoot';

export const assignmentSchema = z
  .strictObject({
    by: z
      .enum(['random', 'cookie', 'header'])
      .prefault('random')
      .describe(
        'random: every request is drawn. cookie, header: who brings the same value stays with the same release. What is compared then is clients, drawn once: the bound on wrong rollbacks holds as far as none of them makes up much of the traffic, or of what is slow or fails whoever answers.',
      ),
    name: fieldNameSchema
      .optional()
      .describe(
        `Of the cookie, which the balancer gives to clients that bring none and which should be nobody else's, or of the header. Default for a cookie: ${COOKIE_DEFAULT}.`,
      ),
  })
  .superRefine(({ by, name }, context) => {
    const refuse = (message: string) =>
      context.addIssue({ code: 'custom', path: ['name'], message });
    if (by === 'random' && name !== undefined) refuse('has no meaning while by is random');
    if (by === 'header' && name === undefined) refuse('the header that names a client');
    if (by === 'cookie' && /^__(?:host|secure)-/i.test(name ?? '')) {
      refuse('begins with what browsers take over TLS alone; choose another name');
    }
  })
  .transform(({ by, name = COOKIE_DEFAULT }): Assignment | undefined =>
    by === 'random' ? undefined : { by, name },
  );
