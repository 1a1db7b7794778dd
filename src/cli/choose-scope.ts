/** Which deployed service is meant, by what the server knows: needs no valid configuration. */
import type { ServiceStatus, StatusAnswer } from '../api/contract/answers.ts';
import { escapeText, quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

export interface ScopeOptions {
  readonly service?: string;
  readonly environment?: string;
}

export function chooseScope(status: StatusAnswer, wanted: ScopeOptions): ServiceStatus {
  const matching = status.services.filter(
    ({ service, environment }) =>
      (wanted.service === undefined || wanted.service === service) &&
      (wanted.environment === undefined || wanted.environment === environment),
  );
  const [only, ...others] = matching;
  if (only && others.length === 0) return only;
  const known = escapeText(
    status.services.map(({ environment, service }) => `${environment}/${service}`).join(', '),
  );
  if (only)
    throw usageError(`Several services are meant (${known}); add --service and --environment.`);
  const named = [wanted.environment, wanted.service].filter((part) => part !== undefined).join('/');
  throw usageError(
    known === ''
      ? 'Nothing was deployed yet.'
      : `Nothing was deployed as ${quoted(named)}; there is: ${known}.`,
  );
}
