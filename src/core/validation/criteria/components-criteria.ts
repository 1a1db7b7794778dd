/** What is asked of a list of components: that there are some, under licences that are allowed, without known faults. */
import { showNumber } from '../../words/show-number.ts';
import { atMost, enough, told, type Criterion } from '../criterion.ts';
import type { Component } from '../fact.ts';
import type { Circumstances } from '../judge-report.ts';
import { judgeLicence, type LicenceVerdict } from '../judge-licence.ts';
import { levels } from '../level.ts';
import type { ComponentsRule } from '../rule.ts';
import type { Tally } from '../tally.ts';
import { findingsCriteria } from './findings-criteria.ts';

export function componentsCriteria(
  { componentsMin, licences, vulnerabilities }: ComponentsRule,
  tally: Tally,
  circumstances: Circumstances,
): readonly Criterion[] {
  return [
    enough('components', tally.components, componentsMin),
    ...(licences ? licenceCriteria(licences, tally) : []),
    ...(vulnerabilities
      ? findingsCriteria(vulnerabilities, tally, circumstances)
      : toldFindings(tally)),
  ];
}

/** A component with several licences is under all of them, so that each counts by itself. */
function licenceCriteria(
  { allowed, unknownMax }: NonNullable<ComponentsRule['licences']>,
  { licences }: Tally,
): readonly Criterion[] {
  const set = new Set(allowed);
  const judged = [...licences].map(([text, { count, example }]) => {
    return { text, count, example, verdict: judgeLicence(text, set) };
  });
  const those = (wanted: LicenceVerdict): { readonly count: number; readonly observed: string } => {
    const found = judged.filter(({ verdict }) => verdict === wanted);
    const count = found.reduce((sum, each) => sum + each.count, 0);
    const [first] = found;
    const example = first ? `, the first: ${underLicence(first.example, first.text)}` : '';
    return { count, observed: `${showNumber(count)}${example}` };
  };
  const refused = those('refused');
  const unknown = those('unknown');
  return [
    atMost('licences that are not allowed', refused.count, 0, refused),
    {
      ...atMost('licences that are missing or unknown', unknown.count, unknownMax, unknown),
      // Whether they would be allowed the list cannot show.
      state: unknown.count <= unknownMax ? 'met' : 'unknown',
    },
  ];
}

function underLicence({ name, version }: Component, licence: string): string {
  const component = version === null ? name : `${name} ${version}`;
  return licence === '' ? `${component} without a licence` : `${component} under ${licence}`;
}

function toldFindings({ findings }: Tally): readonly Criterion[] {
  return levels
    .filter((level) => findings[level] > 0)
    .map((level) => told(`vulnerabilities, ${level}`, showNumber(findings[level])));
}
