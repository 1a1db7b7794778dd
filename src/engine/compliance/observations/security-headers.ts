/** Whether what serves now answers with the headers that protect browsers. */
import { missingHeaders } from '../../../core/compliance/missing-headers.ts';
import type { Observation } from '../../../core/compliance/observable-fact.ts';
import { askHead, type Head } from '../../../platform/ask-head.ts';
import {
  addressText,
  ANSWER_MS_MAX,
  askable,
  broken,
  holds,
  unknown,
  type Observe,
} from '../observed-place.ts';

const PATH = '/';

export const securityHeaders: Observe = async ({ signal, declared: { address: declared } }) => {
  if (!declared) return unknown('the balancer declares no address');
  const ask = (isEncrypted: boolean) =>
    askHead({
      ...{ address: askable(declared), isEncrypted, path: PATH, signal },
      timeoutMs: ANSWER_MS_MAX,
    });
  const text = addressText(declared);
  const encrypted = await ask(true);
  if (!('silence' in encrypted)) return judged(encrypted, true, text);
  const plain = await ask(false);
  if (!('silence' in plain)) return judged(plain, false, text);
  return unknown(`${text} does not answer (${plain.silence})`);
};

/** What fails to answer a page does not show what its pages are like. */
function judged({ status, headers }: Head, isEncrypted: boolean, text: string): Observation {
  const what = `GET ${PATH} at ${text}, status ${status}`;
  if (status >= 500) return unknown(`${what}: this is no page of the service`);
  const missing = missingHeaders({ headers, isEncrypted });
  return missing.length === 0
    ? holds(`${what}: all that it needs`)
    : broken(`${what}: without ${missing.join(', ')}`);
}
