/** The file by which a tool judges what is vulnerable. */
import { z } from 'zod';
import { durationWithin } from '../core/model/duration.ts';

export const databaseSchema = z.strictObject({
  file: z
    .string()
    .min(1)
    .max(500)
    .describe('Its path, relative to the folder that is checked, absolute, or below `~/`.'),
  age: durationWithin('1h', '24d', 'How old it may be.').prefault('48h'),
  field: z
    .string()
    .min(1)
    .max(100)
    .exactOptional()
    .describe(
      'The key of the file, which is JSON then, that says when it was made: `UpdatedAt` of `~/.cache/trivy/db/metadata.json`. Default: when the file was last changed.',
    ),
});
