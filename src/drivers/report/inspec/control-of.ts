/** One control of InSpec, with the results of all that it describes, as one result. */
import { z } from 'zod';
import type { ControlOutcome, ControlResult } from '../../../core/validation/fact.ts';
import type { Level } from '../../../core/validation/level.ts';
import { parseReportPart } from '../../../platform/parse-report-part.ts';

const resultSchema = z.object({
  status: z.enum(['passed', 'failed', 'skipped', 'error']),
  code_desc: z.string().optional(),
  message: z.string().optional(),
  skip_message: z.string().optional(),
  /** Of one whose code broke; those that merely fail have none. */
  backtrace: z.array(z.unknown()).nullish(),
});

const controlSchema = z.object({
  id: z.string(),
  title: z.string().nullish(),
  impact: z.number().min(0).max(1),
  results: z.array(resultSchema).nullish(),
  waiver_data: z
    .object({
      justification: z.string().nullish(),
      message: z.string().nullish(),
      skipped_due_to_waiver: z.union([z.boolean(), z.string()]).nullish(),
    })
    .nullish(),
});

type Control = z.output<typeof controlSchema>;
type Result = z.output<typeof resultSchema>;

export interface OneControl {
  readonly control: ControlResult;
  readonly hasResults: boolean;
}

export function controlOf(value: unknown): OneControl {
  const parsed = parseReportPart(controlSchema, value, { what: 'A control', format: 'control' });
  const { id, title, impact, results } = parsed;
  const { outcome, message } = outcomeOf(parsed);
  return {
    control: { id, title: title ?? id, level: levelOf(impact), outcome, message },
    hasResults: (results ?? []).length > 0,
  };
}

function outcomeOf(control: Control): Pick<ControlResult, 'outcome' | 'message'> {
  const results = control.results ?? [];
  const first = (isMeant: (result: Result) => boolean): Result | undefined => results.find(isMeant);
  const { justification, message, skipped_due_to_waiver: isWaived } = control.waiver_data ?? {};
  // It is a word in some versions.
  if (isWaived === true || isWaived === 'true') {
    return { outcome: 'waived', message: justification ?? message ?? null };
  }
  const broken = first(isBroken);
  if (broken) return { outcome: 'error', message: messageOf(broken) };
  const failed = first(({ status }) => status === 'failed');
  if (failed) return { outcome: 'failed', message: messageOf(failed) };
  const skipped = first(({ status }) => status === 'skipped');
  if (skipped) return { outcome: unchecked(control), message: messageOf(skipped) };
  if (results.length === 0) return { outcome: unchecked(control), message: 'it has no results' };
  return { outcome: 'passed', message: null };
}

function isBroken({ status, backtrace }: Result): boolean {
  return status === 'error' || (status === 'failed' && (backtrace?.length ?? 0) > 0);
}

/** A profile sets the impact to 0 where it finds that a control does not apply. */
function unchecked({ impact }: Control): ControlOutcome {
  return impact === 0 ? 'not-applicable' : 'not-checked';
}

function messageOf({ message, skip_message: skipped, code_desc: description }: Result): string {
  const text = message ?? skipped ?? description ?? '';
  return text.trim().split('\n')[0] ?? '';
}

/** By the bounds that InSpec itself gives for its words. */
function levelOf(impact: number): Level {
  if (impact >= 0.9) return 'critical';
  if (impact >= 0.7) return 'high';
  if (impact >= 0.4) return 'medium';
  return impact > 0 ? 'low' : 'note';
}
