/** What instances take up, and may not take up more and more of. */
import { z } from 'zod';
import { durationWithin } from '../core/model/duration.ts';
import { sizeWithin } from '../core/model/size-within.ts';
import { countWithin } from './scalar-schemas.ts';

const OPEN_FILES_MAX = 10_000_000;

const safeLife = durationWithin(
  '1h',
  '24d',
  'How long an instance must be able to run before it reaches the limit: what is slower than that is no leak.',
).prefault('7d');

export const resourcesSchema = z
  .strictObject({
    memory: z
      .strictObject({
        limit: sizeWithin('1MiB', '16TiB', 'What an instance may take up at most.'),
        safeLife,
      })
      .exactOptional()
      .describe('Resident memory of all processes of an instance.'),
    openFiles: z
      .strictObject({
        limit: countWithin(1, OPEN_FILES_MAX).describe('How many an instance may have at most.'),
        safeLife,
      })
      .exactOptional()
      .describe('Open files, sockets among them, of all processes of an instance.'),
  })
  .refine(({ memory, openFiles }) => memory !== undefined || openFiles !== undefined, {
    error: 'names nothing; say memory or openFiles, or leave it out',
  });
