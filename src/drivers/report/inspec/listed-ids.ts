/** Which controls a report lists, and which of them have no results anywhere in it. */
import { operationalError } from '../../../core/operational-error.ts';

/** It grows in place. */
export interface ListedIds {
  readonly idsMax: number;
  count: number;
  /** The profile that is being read, and what it has listed. */
  profile: string;
  readonly ofProfile: Set<string>;
  readonly withResults: Set<string>;
  /** By id, the last place in the order of the report at which it has none. */
  readonly without: Map<string, number>;
}

/** So many controls no honest report has; each is remembered. */
const IDS_MAX = 100_000;
const ID_LENGTH_MAX = 1_000;

export function newIds(idsMax: number = IDS_MAX): ListedIds {
  const none = { count: 0, profile: '', ofProfile: new Set<string>() };
  return { idsMax, ...none, withResults: new Set(), without: new Map() };
}

export interface ListedControl {
  readonly id: string;
  /** Where it stands in the report. */
  readonly profile: string;
  readonly hasResults: boolean;
}

/** Throws `report-invalid` for more than can be remembered, and for an id that one profile has twice. */
export function noteControl(ids: ListedIds, { id, profile, hasResults }: ListedControl): void {
  if (id.length > ID_LENGTH_MAX) {
    const reason = `The id of a control is longer than ${ID_LENGTH_MAX} characters.`;
    throw operationalError('report-invalid', reason);
  }
  if (ids.profile !== profile) ids.ofProfile.clear();
  ids.profile = profile;
  if (ids.ofProfile.has(id)) {
    const reason = `One profile has the control ${id} twice, so that nobody knows which one counts.`;
    throw operationalError('report-invalid', reason);
  }
  ids.ofProfile.add(id);
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
