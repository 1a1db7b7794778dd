/**
 * Everything that is told about migrations, by name. The reference page `docs/reference/migrations.md`
 * is generated from this table.
 */
import { contractHazards } from './contract-hazards.ts';
import { dangers } from './dangers.ts';
import { openQuestions } from './open-questions.ts';

/**
 * `contract`: the release that runs cannot live with it. `open`: a text does not show whether it can.
 * `danger`: it can, but applied like this it blocks, is long, or cannot be taken back.
 */
export type HazardGroup = 'contract' | 'open' | 'danger';

export const hazards = { ...contractHazards, ...openQuestions, ...dangers };

export type HazardId = keyof typeof hazards;

export function groupOf(id: HazardId): HazardGroup {
  if (id in contractHazards) return 'contract';
  return id in openQuestions ? 'open' : 'danger';
}
