/** What a document of OpenVEX 0.2 states. */
import { z } from 'zod';
import { operationalError } from '../../core/operational-error.ts';
import { productDoubt } from '../../core/validation/product-doubt.ts';
import { packageOfPurl } from '../../core/validation/purl.ts';
import type { VexProduct, VexStatement } from '../../core/validation/vex.ts';

const timestamp = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const component = z.object({
  '@id': z.string().optional(),
  identifiers: z.object({ purl: z.string().optional() }).optional(),
});

const documentSchema = z.object({
  '@context': z.literal('https://openvex.dev/ns/v0.2.0'),
  timestamp,
  statements: z.array(
    z.object({
      vulnerability: z.object({
        name: z.string().min(1),
        aliases: z.array(z.string().min(1)).optional(),
      }),
      timestamp: timestamp.optional(),
      products: z
        .array(component.extend({ subcomponents: z.array(component).optional() }))
        .optional(),
      status: z.enum(['not_affected', 'affected', 'fixed', 'under_investigation']),
      justification: z
        .enum([
          'component_not_present',
          'vulnerable_code_not_present',
          'vulnerable_code_not_in_execute_path',
          'vulnerable_code_cannot_be_controlled_by_adversary',
          'inline_mitigations_already_exist',
        ])
        .optional(),
      impact_statement: z.string().optional(),
    }),
  ),
});

/** `own`: package URL of what is released here. Throws `report-invalid`. */
export function openvexStatements(document: unknown, own: string | null): readonly VexStatement[] {
  const { data, error } = documentSchema.safeParse(document);
  if (error) {
    const [issue] = error.issues;
    throw operationalError(
      'report-invalid',
      `It is no OpenVEX 0.2, at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}.`,
    );
  }
  return data.statements.map((statement) => ({
    vulnerability: statement.vulnerability.name,
    aliases: statement.vulnerability.aliases ?? [],
    products: (statement.products ?? []).flatMap((product) => productsOf(product, own)),
    status: statement.status,
    justification: statement.justification ?? statement.impact_statement ?? null,
    atMs: statement.timestamp ?? data.timestamp,
  }));
}

type Product = NonNullable<
  z.output<typeof documentSchema>['statements'][number]['products']
>[number];

/**
 * With parts of the product named, the statement is about these in it, and not about the product itself. Without, it is
 * about the product wherever that is, which may be the one that is released here.
 */
function productsOf(
  { subcomponents = [], ...product }: Product,
  own: string | null,
): readonly VexProduct[] {
  const doubt = productDoubt(nameOf(product), own);
  if (subcomponents.length > 0) {
    return subcomponents.flatMap((part) => productNamed(nameOf(part), doubt));
  }
  const itself = productNamed(nameOf(product), null);
  return doubt === null ? [...itself, { package: null, doubt }] : itself;
}

function nameOf({ '@id': id, identifiers }: z.output<typeof component>): string {
  return identifiers?.purl ?? id ?? '';
}

function productNamed(purl: string, doubt: VexProduct['doubt']): readonly VexProduct[] {
  const found = packageOfPurl(purl);
  return found === null ? [] : [{ package: found, doubt }];
}
