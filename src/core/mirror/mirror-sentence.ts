/** What a mirror has found, in plain English. */
import { counted } from '../words/counted.ts';
import { showNumber } from '../words/show-number.ts';
import type { MirroredPlace, MirrorFindings } from './mirror-report.ts';

const PLACES_TOLD = 3;
/** Less evidence than this is not worth a word beside a place that has more. */
const LN_NOTABLE = Math.log(20);

export function mirrorSentence(found: MirrorFindings): string {
  const { compared, suspected } = found;
  const of = `Of ${counted(compared, 'mirrored request')}`;
  if (suspected === 0) return `${of} none was answered differently${noise(found)}.`;
  const verb = suspected === 1 ? 'was' : 'were';
  const places = notable(found.places).slice(0, PLACES_TOLD).map(placeText);
  return `${of} ${showNumber(suspected)} ${verb} answered differently: ${places.join('; ')}${noise(found)}.`;
}

function notable(places: readonly MirroredPlace[]): readonly MirroredPlace[] {
  const sure = places.filter(({ evidence }) => evidence >= LN_NOTABLE);
  return sure.length > 0 ? sure : places.filter(({ stableOnly }) => stableOnly === 0);
}

/** `status 404 for 200 on GET /articles, 37 times (the stable release itself 0), as for …` */
function placeText({ place, told, route, example, ...counts }: MirroredPlace): string {
  const { candidateOnly, stableOnly } = counts;
  const like = example === '' ? '' : `, as for ${example}`;
  return `${place} ${told} on ${route}, ${counted(candidateOnly, 'time')} (the stable release itself ${showNumber(stableOnly)})${like}`;
}

function noise({ noisy }: MirrorFindings): string {
  if (noisy === 0) return '';
  return `; in ${showNumber(noisy)} the stable release differed from itself, which does not count`;
}
