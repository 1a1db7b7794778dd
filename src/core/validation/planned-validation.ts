/** A validation chain as a plan holds it: all that it will ask, so that an approval of the plan is one of that. */
import type { ResourceLimits } from './resource-sample.ts';
import type { PlannedControls } from '../compliance/planned-controls.ts';
import type { VexStatement } from './vex.ts';
import type { Waiver } from './waiver.ts';

export interface DatabaseDeclaration {
  /** Relative to what is checked, absolute, or below `~/`. */
  readonly file: string;
  readonly age: number;
  /** The key in it that says when it was made; when the file was changed without one. */
  readonly field?: string;
}

/** A check as it is declared, without what may be secret. */
export interface CheckDeclaration {
  readonly row?: string | undefined;
  readonly run: readonly string[];
  /** Missing of one that prepares others. */
  readonly report?: { readonly driver: string; readonly config: unknown } | undefined;
  readonly needs: readonly string[];
  /** Texts by path. */
  readonly plant: Readonly<Record<string, string>>;
  /** The same, of a folder that holds nothing else. */
  readonly plantApart: Readonly<Record<string, string>>;
  /** The file that it judges by. */
  readonly database?: DatabaseDeclaration;
  readonly timeout: number;
  readonly cpus: number;
  /** Works on a copy that nobody else sees. */
  readonly ownCopy?: boolean;
  /** Whether it asks the preview. */
  readonly preview?: boolean;
  /** What it asks instead of a preview. */
  readonly target?: string;
  /** Nothing else asks that while it runs. */
  readonly alone?: boolean;
  readonly resources?: ResourceLimits;
}

/** A preview as it is declared, without what may be secret. */
export interface PreviewDeclaration {
  /** Below what is checked, and may hold `{version}`; a copy of the release when missing. */
  readonly path?: string;
  readonly needs: readonly string[];
  readonly ready: number;
  readonly database?: {
    /** An empty one; missing when a backup is restored. */
    readonly engine?: 'postgres';
    /** The name of the backup whose newest verified one is restored. */
    readonly backup?: string;
    readonly variable: string;
    readonly seed: readonly (readonly string[])[];
  };
}

export interface PlannedCheck extends CheckDeclaration {
  readonly name: string;
}

export interface PlannedPreview extends PreviewDeclaration {
  /** The backup that its database is restored from; missing of another one. */
  readonly restored?: {
    readonly name: string;
    readonly driver: string;
    /** Of the driver's configuration, which is kept apart. */
    readonly configDigest: string;
  };
}

export interface PlannedValidation {
  /** Absolute path of what is checked. */
  readonly source: string;
  /** Whether that is the very artifact that is deployed. */
  readonly isArtifact: boolean;
  readonly timeBoxMs: number;
  readonly reuseMs: number;
  readonly waivers: readonly Waiver[];
  readonly vex: readonly VexStatement[];
  /** Missing when no check needs one. */
  readonly preview?: PlannedPreview;
  /** What others need comes first. */
  readonly checks: readonly PlannedCheck[];
  /** Judged last; missing when nothing is demanded. */
  readonly controls?: PlannedControls;
  /** Of what the tools get as environment and what is secret, both of which are kept apart. */
  readonly environmentDigest: string;
}
