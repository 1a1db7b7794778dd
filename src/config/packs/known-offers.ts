import { configJsonSchema, knownKeys } from '../config-json-schema.ts';
import type { ConfigurableDriver } from '../configurable-driver.ts';
import { checkKeys, type CheckMapping } from './check-mapping.ts';
import type { Offer } from './pack.ts';

/** Without those of which the schema knows the reader or a key not: whoever pastes a check can run it. */
export function knownOffers(
  offers: readonly Offer[],
  drivers: readonly ConfigurableDriver[],
): readonly Offer[] {
  const schema = configJsonSchema(drivers);
  const path = ['services', 'any', 'validation', 'checks', 'any'];
  const keys: ReadonlySet<string> = new Set(knownKeys(schema, {}, path));
  const readers = new Set(drivers.filter(({ kind }) => kind === 'report').map(({ id }) => id));
  const isKnown = (check: CheckMapping): boolean =>
    Object.keys(check).every((key) => keys.has(key)) &&
    (check.report === undefined || readers.has(check.report.driver));
  return offers.filter((offer) => offer.kind === 'missing' || isKnown(checkKeys(offer.check)));
}
