/** What an HTTP probe asks and which answer it accepts. */
import { z } from 'zod';
import { durationSchema } from '../../../core/model/duration.ts';

const TIMEOUT_MS_MAX = 5 * 60_000;
const BODY_LENGTH_MAX = 64 * 1024;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Set by the probe itself; another value would make the exchange something else. */
const OWN_HEADERS = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** `{release.vresion}` would never match: better found here than at two in the morning. */
const filledText = z.string().superRefine((text, context) => {
  for (const message of unknownPlaceholdersIn(text)) context.addIssue({ code: 'custom', message });
});

function unknownPlaceholdersIn(text: string): readonly string[] {
  return [...text.matchAll(/\{release\.[^{}]*\}/g)]
    .map(([placeholder]) => placeholder)
    .filter((placeholder) => !['{release.version}', '{release.config}'].includes(placeholder))
    .map(
      (placeholder) => `${placeholder} is not known; {release.version} and {release.config} are`,
    );
}

/** The same for every text within a value of JSON, with its place. */
function checkTexts(
  value: unknown,
  path: readonly (string | number)[],
  context: z.RefinementCtx,
): void {
  if (typeof value === 'string') {
    for (const message of unknownPlaceholdersIn(value)) {
      context.addIssue({ code: 'custom', message, path: [...path] });
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) checkTexts(inner, [...path, key], context);
  }
}

const headerValue = filledText.regex(/^[\t\x20-\x7e\x80-\xff]*$/, {
  error: 'must not hold line breaks or other characters that a header cannot carry',
});

const headerName = z
  .string()
  .regex(HEADER_NAME, { error: ({ input }) => `"${String(input)}" is not a header name` });

const statusSchema = z.int().min(200).max(599);

const expectSchema = z.strictObject({
  status: z
    .union([statusSchema, z.array(statusSchema).min(1).max(20)])
    .prefault(200)
    .describe('Accepted status or list of them. Redirects are not followed.'),
  header: z
    .record(headerName, headerValue)
    .optional()
    .describe('Headers that must have exactly this value.'),
  json: z
    .record(z.string(), z.unknown())
    .superRefine((value, context) => checkTexts(value, [], context))
    .optional()
    .describe(
      'Keys that the JSON answer must hold with these values; it may hold others. `{release.version}` and `{release.config}` stand for what is deployed.',
    ),
  text: filledText.min(1).optional().describe('Text that the answer must contain.'),
});

export const httpProbeConfig = z
  .strictObject({
    path: filledText
      .regex(/^\/[\x21-\x7e]*$/, {
        error: ({ input }) =>
          `"${String(input)}" is not a request path; it starts with / and has no spaces or special characters`,
      })
      .max(2048)
      .prefault('/')
      .describe('Request path with query.'),
    method: z.enum(['GET', 'HEAD', 'POST']).prefault('GET').describe('Request method.'),
    headers: z
      .record(
        headerName.refine((name) => !OWN_HEADERS.has(name.toLowerCase()), {
          error: ({ input }) => `"${String(input)}" is set by the probe itself`,
        }),
        headerValue,
      )
      .prefault({})
      .describe('Request headers.'),
    body: z.string().max(BODY_LENGTH_MAX).optional().describe('Request body; for POST only.'),
    expect: expectSchema.prefault({}).describe('Which answer is accepted.'),
    timeout: durationSchema
      .refine((ms) => ms <= TIMEOUT_MS_MAX, { error: 'must be at most 5m' })
      .prefault('2s')
      .describe('For the whole exchange, from connecting to the last byte.'),
  })
  .superRefine((config, context) => {
    if (config.body !== undefined && config.method !== 'POST') {
      const message = `cannot be sent with ${config.method}; use method: POST`;
      context.addIssue({ code: 'custom', path: ['body'], message });
    }
    for (const key of ['json', 'text'] as const) {
      if (config.method !== 'HEAD' || config.expect[key] === undefined) continue;
      const message = 'can never match: an answer to HEAD has no body';
      context.addIssue({ code: 'custom', path: ['expect', key], message });
    }
  });

export type HttpProbeConfig = z.output<typeof httpProbeConfig>;
export type HttpExpectation = HttpProbeConfig['expect'];
