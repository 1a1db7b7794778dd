/** The checks of a release, before anything is touched. */
import { counted } from '../words/counted.ts';
import { step, type Outline } from './outline.ts';
import type { ServiceStep } from './plan.ts';

/** To make copies, and to end what does not end by itself. */
const MARGIN_MS = 300_000;

export function validateRelease({ validation, candidate }: Outline): readonly ServiceStep[] {
  if (!validation) return [];
  const { checks, timeBoxMs } = validation;
  return [
    step({
      id: 'validate-release',
      row: 'V',
      phase: 'validation',
      title: `Pass ${counted(checks.length, 'check')} of ${candidate.release.version}`,
      action: { kind: 'validate-release' },
      deadlineMs: timeBoxMs + MARGIN_MS,
    }),
  ];
}
