/** Whether the product that a statement names is the one that is released here, by package URLs. */
import { PackageURL } from 'packageurl-js';

export interface ProductDoubt {
  /** It is surely not; else it may be. */
  readonly isAnother: boolean;
  /** Half a sentence. */
  readonly why: string;
}

/**
 * Null when it is: all that `named` says is true of `own`, which may say more. `own`: null when nobody has declared it.
 */
export function productDoubt(named: string, own: string | null): ProductDoubt | null {
  const isAbout = `it is about ${named === '' ? 'a product without a name' : named}`;
  if (own === null) return { isAnother: false, why: `${isAbout}, and vex.product is not declared` };
  const [theirs, ours] = [parsed(named), parsed(own)];
  const likeness = theirs && ours ? likenessOf(theirs, ours) : 'unknown';
  if (likeness === 'same') return null;
  return { isAnother: likeness === 'another', why: `${isAbout}, and vex.product is ${own}` };
}

type Likeness = 'same' | 'another' | 'unknown';

function likenessOf(theirs: PackageURL, ours: PackageURL): Likeness {
  const isNamedSo =
    theirs.type === ours.type &&
    (theirs.namespace ?? '') === (ours.namespace ?? '') &&
    theirs.name === ours.name;
  if (!isNamedSo) return 'another';
  const further = [
    [theirs.version, ours.version],
    [theirs.subpath, ours.subpath],
    ...Object.entries(theirs.qualifiers ?? {}).map(([key, value]) => [
      value,
      ours.qualifiers?.[key],
    ]),
  ].filter(([their]) => their !== undefined);
  if (further.some(([their, our]) => our !== undefined && our !== their)) return 'another';
  return further.every(([their, our]) => our === their) ? 'same' : 'unknown';
}

/** Null of what is none. */
function parsed(text: string): PackageURL | null {
  try {
    return PackageURL.fromString(text);
  } catch {
    // Its only way to say so.
    return null;
  }
}
