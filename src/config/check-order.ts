import { dependencyOrder } from '../core/plan/dependency-order.ts';
import type { PreviewConfig, ValidationConfig } from './system-config.ts';

/** Names of checks, of these and what they need or of all; what others need, or their preview does, comes first. */
export function checkOrder(
  { checks, preview }: Pick<ValidationConfig, 'checks'> & { preview?: PreviewConfig | undefined },
  named?: readonly string[],
): readonly string[] {
  const needs: Record<string, readonly string[]> = {};
  for (const [name, check] of Object.entries(checks)) {
    needs[name] = check.preview ? [...check.needs, ...(preview?.needs ?? [])] : check.needs;
  }
  return dependencyOrder(needs, named).names;
}
