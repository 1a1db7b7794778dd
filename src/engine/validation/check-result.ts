import type { Criterion } from '../../core/validation/criterion.ts';
import type { Outcome } from '../../core/validation/outcome.ts';
import type { Tally } from '../../core/validation/tally.ts';

/** What became of a check, and by what. */
export interface CheckResult {
  readonly name: string;
  readonly row: string | null;
  readonly outcome: Outcome;
  /** In one sentence, of what its criteria do not tell; null when they do. */
  readonly because: string | null;
  readonly criteria: readonly Criterion[];
  readonly tool: Tally['tool'];
  /** Paths of what was hidden in what it looked at. */
  readonly planted: readonly string[];
  readonly command: readonly string[];
  /** RFC 3339; null of what did not run. */
  readonly startedAt: string | null;
  readonly durationMs: number;
  /** Null when it did not end by itself, or did not run. */
  readonly exitCode: number | null;
  /** Of all that its report depends on; null when that is not known, so that it is never used again. */
  readonly inputs: string | null;
  /** Whose report this is, if it was made before: the run, and when it was made. */
  readonly reused: { readonly run: string; readonly startedAt: string } | null;
  readonly evidence: {
    readonly log: string;
    readonly report: KeptReport | null;
    /** What the preview took up meanwhile, as JSON lines. */
    readonly samples?: KeptReport | null;
  } | null;
}

export interface KeptReport {
  readonly path: string;
  readonly bytes: number;
  readonly digest: `sha256:${string}`;
  /** Folders of the copies that its tool looked at, whose names are in it. */
  readonly madeIn?: readonly string[];
  /** Secrets were taken out of it: what it says is no longer all that the tool has said. */
  readonly isMasked?: true;
}

/** Of what has not run; whoever does more says so over it. */
export function nothingDone({
  name,
  row = null,
  run,
  plant = {},
}: {
  readonly name: string;
  readonly row?: string | null | undefined;
  readonly run: readonly string[];
  readonly plant?: Readonly<Record<string, string>>;
}): Omit<CheckResult, 'outcome' | 'because'> {
  return {
    ...{ name, row, command: run, criteria: [], tool: null, startedAt: null, durationMs: 0 },
    planted: Object.keys(plant),
    ...{ exitCode: null, inputs: null, reused: null, evidence: null },
  };
}
