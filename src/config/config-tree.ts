/**
 * The parsed file as plain values, with the place of every key and value and the way every scalar
 * was written. Later stages find places by path, never by looking at YAML nodes.
 */
import type { ConfigPath } from './config-problem.ts';

export type ConfigValue =
  | string
  | number
  | boolean
  | null
  | readonly ConfigValue[]
  | { readonly [key: string]: ConfigValue };

export interface Place {
  /** Offset of the key; that of the value for list items and the root. */
  readonly keyAt: number;
  readonly valueAt: number;
  /** The text of a plain scalar, null for quoted ones and collections. */
  readonly plain: string | null;
}

export interface ConfigTree {
  readonly value: ConfigValue;
  /** By `placeKey`. */
  readonly places: ReadonlyMap<string, Place>;
}

/** A formatted path would not do: a key may hold a dot. */
export function placeKey(path: ConfigPath): string {
  return JSON.stringify(path);
}

/** The place of the path, or of the nearest parent that is in the file. */
export function placeOf(tree: ConfigTree, path: ConfigPath): Place {
  for (let length = path.length; length > 0; length -= 1) {
    const place = tree.places.get(placeKey(path.slice(0, length)));
    if (place) return place;
  }
  return tree.places.get(placeKey([])) ?? { keyAt: 0, valueAt: 0, plain: null };
}

export function valueAt(value: ConfigValue | undefined, path: ConfigPath): ConfigValue | undefined {
  return path.reduce<ConfigValue | undefined>((parent, part) => {
    if (parent === null || typeof parent !== 'object') return undefined;
    return Object.hasOwn(parent, part)
      ? (parent as Readonly<Record<string | number, ConfigValue>>)[part]
      : undefined;
  }, value);
}

export function isMapping(
  value: ConfigValue | undefined,
): value is Readonly<Record<string, ConfigValue>> {
  return typeof value === 'object' && value !== null && !isList(value);
}

export function isList(value: ConfigValue | undefined): value is readonly ConfigValue[] {
  return Array.isArray(value);
}
