/** What people put up with for a time that is over, or nearly: told before it makes a deployment fail. */
import type { Exemption } from './control.ts';
import type { Waiver } from '../validation/waiver.ts';

const SOON_MS = 7 * 86_400_000;

/** One sentence for each, those that have expired first. */
export function endingExcuses(
  {
    waivers,
    exemptions,
  }: { readonly waivers: readonly Waiver[]; readonly exemptions: readonly Exemption[] },
  nowMs: number,
): readonly string[] {
  const all = [
    ...waivers.map(({ finding, check, ...waiver }) => ({
      ...waiver,
      what: `the waiver of ${finding}${check === null ? '' : ` in ${check}`}`,
    })),
    ...exemptions.map(({ control, ...exemption }) => ({
      ...exemption,
      what: `that ${control} does not apply`,
    })),
  ];
  const expired = all.filter(({ untilMs }) => untilMs < nowMs);
  const ending = all.filter(({ untilMs }) => untilMs >= nowMs && untilMs < nowMs + SOON_MS);
  return [
    ...expired.map(
      ({ what, owner, until }) =>
        `${what}, by ${owner}, has expired on ${until} and counts as none; renew it or take it out.`,
    ),
    ...ending.map(
      ({ what, owner, until }) => `${what}, by ${owner}, counts until ${until} and no longer.`,
    ),
  ];
}
