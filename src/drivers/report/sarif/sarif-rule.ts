/** What a rule of SARIF says of its results. */
import { z } from 'zod';

export const levelSchema = z.enum(['none', 'note', 'warning', 'error']);

export type SarifLevel = z.output<typeof levelSchema>;

export const ruleSchema = z.object({
  id: z.string(),
  defaultConfiguration: z.object({ level: levelSchema.optional() }).optional(),
  properties: z
    .looseObject({ 'security-severity': z.union([z.string(), z.number()]).optional() })
    .optional(),
});

export type SarifRule = z.output<typeof ruleSchema>;

export const ruleReferenceSchema = z.object({
  id: z.string().optional(),
  index: z.int().optional(),
  toolComponent: z.object({ index: z.int().optional() }).optional(),
});
