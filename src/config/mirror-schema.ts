/** How requests are mirrored to a candidate before it gets any traffic, and what its answers must show. */
import { z } from 'zod';
import { durationWithin } from '../core/model/duration.ts';
import { countWithin, percentageSchema } from './scalar-schemas.ts';

const COUNT_MAX = 1_000_000;
const LIST_MAX = 50;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
/** Segments that are `*` or have none; those of a request's path end before its query. */
const PATH_PATTERN = /^(?:\/(?:\*|[^/\s*?#]+))+$/;
/** A key of a JSON body may have any other character. */
const PLACE_PATTERN = /^(?:\/(?:\*|[^/\s*]+))+$/;
/** What differs with every answer, whatever the release. */
const NEVER_THE_SAME: readonly string[] = ['age', 'content-length', 'date'];

/** What a client, or a cache on its way, acts upon. */
const HEADERS: readonly string[] = [
  'access-control-allow-origin',
  'allow',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-type',
  'location',
  'set-cookie',
  'strict-transport-security',
  'vary',
  'www-authenticate',
  'x-content-type-options',
  'x-frame-options',
];

const headerSchema = z
  .string()
  .regex(HEADER_NAME, {
    abort: true,
    error: ({ input }) => `"${String(input)}" is not the name of a header`,
  })
  .transform((name) => name.toLowerCase())
  .refine((name) => !NEVER_THE_SAME.includes(name), {
    error: ({ input }) => `${String(input)} differs with every answer; leave it out`,
  });

const pathsMatching = (pattern: RegExp) =>
  z
    .array(
      z.string().regex(pattern, {
        error: ({ input }) =>
          `"${String(input)}" is not a path like "/items/*/id", where * stands for one whole segment; all below it is meant as well`,
      }),
    )
    .max(LIST_MAX)
    .prefault([]);

export const mirrorSchema = z
  .strictObject({
    percent: countWithin(1, 100)
      .prefault(10)
      .describe(
        'Share of GET and HEAD requests that is copied to the candidate, and once more to the stable release, to learn what differs by itself.',
      ),
    minSamples: countWithin(1, COUNT_MAX)
      .prefault(500)
      .describe('Least requests that must have been compared.'),
    deadline: durationWithin(
      '1s',
      '7d',
      'Longest time for it; still INCONCLUSIVE then means revert.',
    ).prefault('10m'),
    maxDifferent: percentageSchema
      .prefault('0.1%')
      .describe('Share of them that the candidate may answer differently, beyond noise.'),
    maxInFlight: countWithin(1, 1_000)
      .prefault(16)
      .describe('Requests that are mirrored at the same time; more are not copied.'),
    maxPerSecond: countWithin(1, 10_000)
      .prefault(50)
      .describe('Requests that are mirrored in a second; more are not copied.'),
    skip: pathsMatching(PATH_PATTERN).describe(
      'Paths that are never copied, with all below them; `*` is one segment.',
    ),
    compare: z
      .strictObject({
        headers: z
          .array(headerSchema)
          .max(LIST_MAX)
          .prefault([...HEADERS])
          .describe(
            `Response headers that are compared. Default: ${HEADERS.map((name) => `\`${name}\``).join(', ')}. Of \`set-cookie\` only the names.`,
          ),
        ignore: pathsMatching(PLACE_PATTERN).describe(
          'Places of JSON bodies that may differ, with all below them, for example `/items/*/id`.',
        ),
      })
      .prefault({})
      .describe('What of the answers is compared, beside their status and JSON bodies.'),
  })
  .superRefine(({ minSamples, maxPerSecond, deadline }, context) => {
    const samplesMax = Math.floor((maxPerSecond * deadline) / 1_000);
    if (samplesMax >= minSamples) return;
    context.addIssue({
      code: 'custom',
      path: ['minSamples'],
      message: `${minSamples} requests cannot be mirrored by the deadline with at most ${maxPerSecond} in a second, which makes ${samplesMax}; no verdict could ever be PASS`,
    });
  });
