/** Whether clients are answered in TLS that can be trusted, and whether by the cipher that the protocol names. */
import type { Observation } from '../../../core/compliance/observable-fact.ts';
import { lookAtTls, type TlsLook } from '../../../platform/look-at-tls.ts';
import {
  addressText,
  ANSWER_MS_MAX,
  askable,
  broken,
  holds,
  unknown,
  type ObservedPlace,
  type Observe,
} from '../observed-place.ts';

type Spoken = Extract<TlsLook, { kind: 'spoken' }>;

const AES_256_GCM =
  'TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384';

export const clientTls: Observe = (place) =>
  lookAt(place, undefined, ({ protocol, cipher, validTo, distrust }, text) =>
    distrust === null
      ? holds(`${text} speaks ${protocol} with ${cipher}, certificate until ${validTo}`)
      : broken(`the certificate of ${text} is not trusted: ${distrust}`),
  );

export const clientAes256Gcm: Observe = (place) =>
  lookAt(place, AES_256_GCM, ({ protocol, cipher }, text) =>
    holds(`${text} speaks ${protocol} with ${cipher}`),
  );

async function lookAt(
  place: ObservedPlace,
  ciphers: string | undefined,
  judge: (look: Spoken, text: string) => Observation,
): Promise<Observation> {
  const declared = place.declared.address;
  if (!declared) return unknown('the balancer declares no address');
  const [address, text] = [askable(declared), addressText(declared)];
  const look = await lookAtTls({
    ...{ address, timeoutMs: ANSWER_MS_MAX, signal: place.signal },
    ...(ciphers !== undefined && { ciphers }),
  });
  switch (look.kind) {
    case 'spoken':
      return judge(look, text);
    case 'refused':
      return broken(
        ciphers === undefined
          ? `${text} answers, but not in TLS 1.2 or later (${look.reason})`
          : `${text} answers, but not in TLS with AES-256-GCM (${look.reason})`,
      );
    case 'silent':
      return unknown(`${text} does not answer (${look.reason})`);
  }
}
