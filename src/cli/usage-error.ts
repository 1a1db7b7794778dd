/** The command line cannot be carried out as it stands; says what to type instead. */
import { operationalError, type OperationalError } from '../core/operational-error.ts';

export function usageError(message: string): OperationalError {
  return operationalError('usage-invalid', message);
}
