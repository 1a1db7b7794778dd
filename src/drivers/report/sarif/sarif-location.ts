/** Where an artifact is: by its URI, below a base that may itself be below another. */
import { z } from 'zod';
import { ownValue } from '../../../core/own-value.ts';
import { pathOfUri } from '../../../platform/path-of-uri.ts';

export const locationSchema = z.object({
  uri: z.string().optional(),
  uriBaseId: z.string().optional(),
});

export type SarifLocation = z.output<typeof locationSchema>;

export type SarifBases = Readonly<Record<string, SarifLocation>>;

/** Bases of bases; more of them no tool has. */
const BASES_MAX = 8;

/** As people write it; '' of one without a name. A base that is not declared is the root of what was looked at. */
export function pathAt(location: SarifLocation, bases: SarifBases): string {
  const { uri = '' } = location;
  return uri === '' ? '' : pathOfUri(joined(location, bases, BASES_MAX));
}

function joined({ uri = '', uriBaseId }: SarifLocation, bases: SarifBases, left: number): string {
  const base = uriBaseId === undefined ? undefined : ownValue(bases, uriBaseId);
  if (!base || left === 0 || ABSOLUTE.test(uri)) return uri;
  const below = joined(base, bases, left - 1);
  return below === '' || below.endsWith('/') ? `${below}${uri}` : `${below}/${uri}`;
}

const ABSOLUTE = /^(?:[a-z][a-z0-9+.-]*:|\/)/i;
