/** Package URLs, by which lists of components and statements about them name packages. */
import { PackageURL } from 'packageurl-js';

export interface PackageName {
  /** As package managers write it: `@scope/name`, `group:artifact`, `github.com/owner/module`. */
  readonly name: string;
  readonly version: string | null;
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
      isNarrowed: subpath !== undefined || (qualifiers !== undefined && version === undefined),
    };
  } catch {
    // Its only way to say so.
    return null;
  }
}

function joined(type: string, namespace: string | null, name: string): string {
  if (namespace === null || DISTRIBUTIONS.has(type)) return name;
  return `${namespace}${type === 'maven' ? ':' : '/'}${name}`;
}

/** Their name space is the distribution's name, which is no part of the package's. */
const DISTRIBUTIONS: ReadonlySet<string> = new Set(['deb', 'rpm', 'apk', 'alpm']);
