/** One component of CycloneDX as something that a release is made of. */
import type { Fact } from '../../../core/validation/fact.ts';
import { packageNameOf, type CycloneDxComponent } from '../../../platform/cyclonedx.ts';

/** Null of what is no piece of software that somebody has made and licensed. */
export function componentFact(component: CycloneDxComponent): Fact | null {
  const { type, version, purl, licenses = [] } = component;
  if (NO_SOFTWARE.has(type)) return null;
  // How scanners note the file in which they found others: a lock file is an application to them.
  const isHolder = type === 'application' && version === undefined && purl === undefined;
  if (isHolder && licenses.length === 0) return null;
  const found = packageNameOf(component);
  return {
    ...{ kind: 'component', name: found.name, version: found.version },
    licences: [...new Set(licenses)],
  };
}

const NO_SOFTWARE: ReadonlySet<string> = new Set([
  'file',
  'data',
  'device',
  'operating-system',
  'cryptographic-asset',
]);
