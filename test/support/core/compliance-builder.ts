/** Controls, and what they are judged by. */
import type { Control, Evidence } from '../../../src/core/compliance/control.ts';
import type { ControlFacts } from '../../../src/core/compliance/judge-control.ts';
import type { CheckShown } from '../../../src/core/compliance/shown-evidence.ts';
import type { Outcome } from '../../../src/core/validation/outcome.ts';

export const NOON_MS = Date.parse('2026-11-28T12:00:00Z');

export function aControl(changes: Partial<Control> = {}): Control {
  return {
    ...{ id: 'x-1', title: 'It is safe', source: 'X 1', level: 'high', applies: {} },
    evidence: [{ kind: 'check', check: 'lint' }],
    ...changes,
  };
}

export function shows(...evidence: readonly Evidence[]): Control {
  return aControl({ evidence });
}

export function aShownCheck(outcome: Outcome, changes: Partial<CheckShown> = {}): CheckShown {
  const digest = `sha256:${'a'.repeat(64)}` as const;
  const name = changes.name ?? 'lint';
  return {
    ...{ name, row: 'V1', outcome, because: null, criteria: [] },
    report: { path: `${name}/report`, digest },
    ...changes,
  };
}

export function someFacts(changes: Partial<ControlFacts> = {}): ControlFacts {
  return {
    ...{ environment: 'production', service: 'shop', facts: {}, exemptions: [], nowMs: NOON_MS },
    checks: [aShownCheck('PASS')],
    ...changes,
  };
}
