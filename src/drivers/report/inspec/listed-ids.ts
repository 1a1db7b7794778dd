/** Which controls a report lists, and which of them have no results anywhere in it. */
import { operationalError } from '../../../core/operational-error.ts';

/** It grows in place. */
export interface ListedIds {
  readonly idsMax: number;
  count: number;
  readonly withResults: Set<string>;
  /** By id, the last place in the order of the report at which it has none. */
  readonly without: Map<string, number>;
}

/** So many controls no honest report has; each is remembered. */
const IDS_MAX = 100_000;
const ID_LENGTH_MAX = 1_000;

export function newIds(idsMax: number = IDS_MAX): ListedIds {
  return { idsMax, count: 0, withResults: new Set(), without: new Map() };
}

/** Throws `report-invalid` for more than can be remembered. */
export function noteControl(ids: ListedIds, id: string, hasResults: boolean): void {
  if (id.length > ID_LENGTH_MAX) {
    const reason = `The id of a control is longer than ${ID_LENGTH_MAX} characters.`;
    throw operationalError('report-invalid', reason);
  }
  if (hasResults) ids.withResults.add(id);
  else ids.without.set(id, ids.count);
  ids.count += 1;
  if (ids.withResults.size + ids.without.size <= ids.idsMax) return;
  throw operationalError('report-invalid', `It is of more than ${ids.idsMax} controls.`);
}

/** Places in the order of the report. */
export function withoutResults({ withResults, without }: ListedIds): ReadonlySet<number> {
  return new Set([...without].flatMap(([id, at]) => (withResults.has(id) ? [] : [at])));
}
