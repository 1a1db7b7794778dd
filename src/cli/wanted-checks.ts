/** Which checks of a chain a command is about, each with the reader of its report. */
import { checkOrder } from '../config/check-order.ts';
import type { ValidationConfig } from '../config/system-config.ts';
import { COMPLIANCE } from '../core/compliance/compliance-report.ts';
import { checksFor } from '../core/compliance/checks-for.ts';
import type { ControlsAsked } from '../engine/compliance/judge-controls.ts';
import type { NamedCheck } from '../engine/validation/run-check.ts';
import { stateDirectoryOf, type CliSession } from './cli-session.ts';
import { usageError } from './usage-error.ts';

/** Controls are judged by all checks that may show them. Null for the whole chain. */
export function checkNames(
  controls: ControlsAsked | null,
  { checks }: ValidationConfig,
  named: readonly string[],
): readonly string[] | null {
  if (named.length === 0) return null;
  if (!controls) return named;
  const others = named.filter((name) => name !== COMPLIANCE);
  return [...others, ...checksFor(controls.planned.profile, checks)];
}

/** All of them, or those that are named and what they need; what others need comes first. */
export function wantedChecks(
  session: CliSession,
  validation: ValidationConfig,
  named: readonly string[] | null,
): readonly NamedCheck[] {
  const { checks } = validation;
  const unknown = named?.find((name) => !Object.hasOwn(checks, name));
  if (unknown !== undefined) {
    throw usageError(
      `There is no check "${unknown}"; declared are: ${Object.keys(checks).join(', ')}.`,
    );
  }
  const names = checkOrder(validation, named ?? undefined);
  const agents = { stateDirectory: stateDirectoryOf(session).root };
  return names.flatMap((name) => {
    const check = checks[name];
    if (!check) return [];
    const reader = check.report
      ? session.environment.connect('report', check.report, agents)
      : null;
    return [{ ...check, name, reader }];
  });
}
