/** Refuses what differs from a name that counts by its case only: passed over, it would be a failure that nobody sees. */
import { operationalError } from '../../../core/operational-error.ts';
import type { XmlTag } from '../../../platform/read-xml.ts';
import { holdsMore } from './holds-more.ts';
import { tellingNames } from './telling-attributes.ts';

const TELLING: ReadonlySet<string> = new Set(tellingNames);

export function isOtherCase({ name }: XmlTag): boolean {
  return !holdsMore(name) && holdsMore(name.toLowerCase());
}

/** Throws `report-invalid`. */
export function refuseOtherCase(tag: XmlTag): void {
  if (isOtherCase(tag)) refuse('element', tag.name);
  if (!holdsMore(tag.name)) return;
  for (const attribute of Object.keys(tag.attributes)) {
    const plain = attribute.toLowerCase();
    if (attribute !== plain && TELLING.has(plain)) refuse('attribute', attribute);
  }
}

function refuse(what: string, name: string): never {
  throw operationalError(
    'report-invalid',
    `It has the ${what} ${name}, which JUnit writes ${name.toLowerCase()}. Let the runner write it so.`,
  );
}
