/** The schema of a profile of controls: a file of its own, beside surefoot.yaml or built in. */
import { z } from 'zod';
import { observableFacts, type FactName } from '../core/compliance/observable-fact.ts';
import type { Control, Evidence, Profile } from '../core/compliance/control.ts';
import { levels } from '../core/validation/level.ts';
import { nameSchema } from './scalar-schemas.ts';

const CONTROLS_MAX = 1_000;
const EVIDENCE_MAX = 100;
const LINE_MAX = 500;

/** As OSCAL has it, so that results can be handed on. */
export const controlIdSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9._-]{0,79}$/, {
  error: ({ input }) =>
    `"${String(input)}" is not the id of a control; use letters, digits, dots, hyphens and underscores, a letter first`,
});

const lineSchema = z
  .string()
  .max(LINE_MAX)
  .regex(/^\S(?:[^\r\n]*\S)?$/, { error: 'must be one line of text' });

const factSchema = z.enum(Object.keys(observableFacts) as [FactName, ...FactName[]]);

export const ROWS_OF_CHAIN = Array.from({ length: 13 }, (_, index) => `V${index + 1}`);

const evidenceSchema = z
  .strictObject({
    check: nameSchema.exactOptional(),
    row: z.enum(ROWS_OF_CHAIN).exactOptional(),
    fact: factSchema.exactOptional(),
    missing: lineSchema.exactOptional(),
  })
  .superRefine((written, context) => {
    if (Object.keys(written).length === 1) return;
    const message = 'names one thing: a check, a row, a fact, or what is missing and why';
    context.addIssue({ code: 'custom', message });
  })
  .transform(({ check, row, fact, missing }): Evidence => {
    if (check !== undefined) return { kind: 'check', check };
    if (row !== undefined) return { kind: 'row', row };
    if (fact !== undefined) return { kind: 'fact', fact };
    return { kind: 'missing', why: missing ?? '' };
  });

const namesSchema = z.array(nameSchema).min(1, { error: 'is empty; leave it out for all' });

const controlSchema = z.strictObject({
  id: controlIdSchema,
  title: lineSchema,
  source: lineSchema,
  level: z.enum(levels).prefault('high'),
  applies: z
    .strictObject({
      environments: namesSchema.exactOptional(),
      services: namesSchema.exactOptional(),
      fact: factSchema.exactOptional(),
    })
    .prefault({}),
  evidence: z
    .array(evidenceSchema)
    .min(1, { error: 'is empty; where nothing shows it yet, write [{ missing: why }]' })
    .max(EVIDENCE_MAX),
}) satisfies z.ZodType<Control>;

export const profileSchema = z.strictObject({
  version: z.literal(1, { error: ({ input }) => (input === undefined ? undefined : 'must be 1') }),
  name: nameSchema,
  title: lineSchema,
  controls: z
    .array(controlSchema)
    .min(1, { error: 'is empty; without a control nothing is demanded' })
    .max(CONTROLS_MAX)
    .superRefine((controls, context) => {
      const ids = controls.map(({ id }) => id);
      for (const [index, id] of ids.entries()) {
        if (ids.indexOf(id) === index) continue;
        const message = `there is already a control "${id}"`;
        context.addIssue({ code: 'custom', path: [index, 'id'], message });
      }
    }),
}) satisfies z.ZodType<Profile>;
