/** Package URLs, by which lists of components and statements about them name packages. */
import { PackageURL } from 'packageurl-js';

export interface PackageName {
  /** As package managers write it: `@scope/name`, `group:artifact`, `github.com/owner/module`. */
  readonly name: string;
  readonly version: string | null;
  /**
   * Whose packages it is one of: the type of its package URL, with a distribution's name behind it (`npm`, `deb/debian`).
   * Null when that is not said.
   */
  readonly ecosystem: string | null;
}

export interface Purl extends PackageName {
  /** It means a part of that, or only some of that name: those of one architecture. */
  readonly isNarrowed: boolean;
}

/** Null of what is none. */
export function parsePurl(text: string): Purl | null {
  try {
    const { type, namespace, name, version, qualifiers, subpath } = PackageURL.fromString(text);
    return {
      name: joined(type, namespace ?? null, name),
      version: version ?? null,
      ecosystem: namespace && DISTRIBUTIONS.has(type) ? `${type}/${namespace}` : type,
      isNarrowed: subpath !== undefined || (qualifiers !== undefined && version === undefined),
    };
  } catch {
    // Its only way to say so.
    return null;
  }
}

/** Null of what is none, and of what means only a part of a package. */
export function packageOfPurl(text: string): PackageName | null {
  const purl = parsePurl(text);
  if (purl === null || purl.isNarrowed) return null;
  const { name, version, ecosystem } = purl;
  return { name, version, ecosystem };
}

function joined(type: string, namespace: string | null, name: string): string {
  if (namespace === null || DISTRIBUTIONS.has(type)) return name;
  return `${namespace}${type === 'maven' ? ':' : '/'}${name}`;
}

/** Their name space is the distribution's name, which is no part of the package's. */
const DISTRIBUTIONS: ReadonlySet<string> = new Set(['deb', 'rpm', 'apk', 'alpm']);
