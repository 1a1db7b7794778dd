/** Checks that are ready made: which of them fit a project is decided from facts, and what they are is data. */
import type { Bait } from './bait.ts';
import type { ProjectFacts } from './project-facts.ts';

export interface Pack {
  readonly id: string;
  readonly summary: string;
  /** Programs that it asks for, wherever they are in `PATH`. */
  readonly programs: readonly string[];
  /** Packages that it asks for in the project's own `node_modules`. */
  readonly packages: readonly string[];
  readonly offersFor: (facts: ProjectFacts) => readonly Offer[];
}

export type Offer =
  /** Runs as it is. */
  | { readonly kind: 'check'; readonly name: string; readonly check: PackCheck }
  /** Lacks what people alone know: an address, a figure. `fill` says what; null when that is all of it. */
  | {
      readonly kind: 'example';
      readonly name: string;
      readonly fill: string | null;
      readonly check: PackCheck;
    }
  | { readonly kind: 'missing'; readonly name: string; readonly how: string };

/** A check as it is written in surefoot.yaml; what is not said has its default there. */
export interface PackCheck {
  /** For people, a line each. */
  readonly about: readonly string[];
  readonly row?: string;
  readonly run: readonly string[];
  readonly report?: Readonly<Record<string, unknown>> & { readonly driver: ReaderId };
  readonly needs?: readonly string[];
  readonly database?: { readonly file: string; readonly field: string };
  readonly plant?: Readonly<Record<string, Bait>>;
  readonly plantApart?: Readonly<Record<string, Bait>>;
  readonly timeout?: string;
  readonly cpus?: number;
  readonly preview?: true;
  readonly alone?: true;
}

export const readerIds = [
  ...(['sarif', 'checkstyle', 'junit', 'tap', 'lcov', 'cobertura', 'cyclonedx', 'spdx'] as const),
  ...(['npm-audit', 'osv', 'trivy', 'grype', 'retire', 'xccdf', 'inspec', 'lynis'] as const),
  ...(['wapiti', 'zap', 'nuclei', 'sslscan', 'k6', 'autocannon', 'wrk', 'hey'] as const),
  ...(['prometheus', 'load', 'stress'] as const),
] as const;

export type ReaderId = (typeof readerIds)[number];
