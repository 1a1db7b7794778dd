/** Where a service for objects that speaks S3 keeps backups. Nothing of it is secret: who may use it says the environment. */
import { z } from 'zod';

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PREFIX = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;
const PREFIX_LENGTH_MAX = 200;
/** Bounds of the services, and of memory: one part is held at a time. */
const PART_MIB = { least: 5, most: 512, standard: 8 };

export const s3PlaceSchema = z.strictObject({
  kind: z.literal('s3').describe('What keeps them: a service that speaks S3.'),
  bucket: z
    .string()
    .regex(BUCKET, {
      error: ({ input }) =>
        `"${String(input)}" is not the name of a bucket; use 3 to 63 lower-case letters, digits, dots and hyphens`,
    })
    .describe('The bucket. It must be there.'),
  prefix: z
    .string()
    .max(PREFIX_LENGTH_MAX)
    .regex(PREFIX, {
      error: ({ input }) =>
        `"${String(input)}" is not a prefix; use letters, digits, dots, hyphens and underscores, with single slashes between`,
    })
    .exactOptional()
    .describe(
      'What the names of all its objects begin with, before a slash. Each state directory needs one, or a bucket, of its own.',
    ),
  endpoint: z
    .string()
    .superRefine((text, context) => {
      const why = faultOf(text);
      if (why !== null)
        context.addIssue({ code: 'custom', message: `${why}, like https://s3.example.org` });
    })
    .exactOptional()
    .describe('Where the service is. Default: AWS in the region.'),
  region: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,40}$/, {
      error: ({ input }) => `"${String(input)}" is not a region; it is like "eu-central-1"`,
    })
    .prefault('us-east-1')
    .describe('The region that requests are signed for.'),
  pathStyle: z
    .boolean()
    .exactOptional()
    .describe(
      'Whether the bucket stands in the path instead of in the host name. Default: with an `endpoint`, yes.',
    ),
  partMib: z
    .int()
    .min(PART_MIB.least)
    .max(PART_MIB.most)
    .prefault(PART_MIB.standard)
    .describe(
      'In what pieces content is sent, in MiB: one is held in memory, and there are 10,000 of them at most, so that a backup has at most 78 GiB with 8.',
    ),
});

export type S3Place = z.output<typeof s3PlaceSchema>;

/** Never with the text: a password may stand in it. */
function faultOf(text: string): string | null {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol))
    return 'must be a URL with http or https';
  if (url.username !== '' || url.password !== '') {
    return 'must hold no user or password, which the environment says';
  }
  if (url.search !== '' || url.hash !== '') return 'must be a URL without query and fragment';
  return null;
}

/** As people call it. */
export function s3PlaceName({ bucket, prefix, endpoint, region }: S3Place): string {
  const path = prefix === undefined ? bucket : `${bucket}/${prefix}`;
  return `s3://${path} at ${endpoint ?? `AWS ${region}`}`;
}
