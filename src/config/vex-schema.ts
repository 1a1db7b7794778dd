/** Documents in which people state whether vulnerabilities matter. */
import { z } from 'zod';
import { parsePurl } from '../core/validation/purl.ts';

const LIST_MAX = 100;

export const vexSchema = z.strictObject({
  files: z
    .array(z.string().min(1).max(500))
    .nonempty('names no document')
    .max(LIST_MAX)
    .describe('The documents (OpenVEX, CycloneDX), relative to this file.'),
  product: z
    .string()
    .max(500)
    .refine((text) => parsePurl(vexProduct(text, '1.0')) !== null, {
      error: ({ input }) =>
        `"${String(input)}" is no package URL; write it like pkg:oci/shop or pkg:npm/shop@{version}`,
    })
    .optional()
    .describe(
      'What these documents call the service, as package URL; may hold `{version}`. What they state of parts of a product is believed of this one alone, and without it of none.',
    ),
});

/** As it is called in a release; `version`: null when that is not known. */
export function vexProduct(product: string, version: string | null): string {
  return version === null
    ? product.replaceAll(/@?\{version\}/g, '')
    : product.replaceAll('{version}', encodeURIComponent(version));
}
