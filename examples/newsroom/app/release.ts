/** What makes one release differ from the next: written by the build, read once at start. */
import { readFile } from 'node:fs/promises';

export type Feature = 'tags' | 'search';

/** The bug that a bad release was built with; see `fault-injector.ts`. */
export type Fault =
  | { readonly kind: 'fails'; readonly share: number; readonly seed: number }
  | { readonly kind: 'dies-at-start'; readonly afterMs: number }
  | { readonly kind: 'hangs'; readonly share: number; readonly seed: number }
  | { readonly kind: 'slow'; readonly lookups: number; readonly lookupMs: number }
  | {
      readonly kind: 'decays';
      readonly afterMs: number;
      readonly share: number;
      readonly seed: number;
    }
  /** A number of the JSON interface that comes as a text. */
  | { readonly kind: 'miswrites'; readonly field: string }
  /** What lies below the path is not found. */
  | { readonly kind: 'loses'; readonly path: string }
  /** What visitors have typed into the search field comes back as it is. */
  | { readonly kind: 'unescapes' }
  /** Pages come without the headers that keep them safe in a browser. */
  | { readonly kind: 'bares' }
  /** Every request keeps the processor to itself for a while. */
  | { readonly kind: 'burns'; readonly ms: number }
  /** Every request leaves something in memory. */
  | { readonly kind: 'leaks'; readonly kib: number };

export interface Release {
  readonly version: string;
  readonly title: string;
  readonly theme: { readonly accent: string; readonly paper: string; readonly ink: string };
  readonly features: readonly Feature[];
  readonly fault: Fault | null;
}

export async function readRelease(file: URL): Promise<Release> {
  return JSON.parse(await readFile(file, 'utf8')) as Release;
}
