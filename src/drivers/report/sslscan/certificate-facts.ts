/** What a certificate is worth, and for how long. */
import { operationalError } from '../../../core/operational-error.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import type { FoundPlace } from '../../../core/validation/found-place.ts';
import type { Level } from '../../../core/validation/level.ts';
import type { XmlElement } from '../../../platform/read-xml.ts';

/** What SHA-256, and the keys that go with it, are good for: RSA of 2048 bits is as strong as 112. */
const BITS_MIN: ReadonlyMap<string, number> = new Map([
  ['RSA', 2_048],
  ['EC', 112],
]);

export function* certificateFacts(certificate: XmlElement, place: FoundPlace): Generator<Fact> {
  const subject = textOf(certificate, 'subject');
  const finding = (rule: string, level: Level, message: string): Fact => ({
    ...{ kind: 'finding', rule, level, message: `${message}: ${subject}` },
    ...{ places: [place], isSuppressed: false },
  });
  yield {
    ...{ kind: 'expiry', what: `certificate of ${place.text}` },
    atMs: momentOf(textOf(certificate, 'not-valid-after')),
  };
  if (isTrue(certificate, 'expired')) {
    yield finding('certificate-expired', 'high', 'The certificate has expired');
  }
  if (isTrue(certificate, 'self-signed')) {
    yield finding('certificate-self-signed', 'medium', 'The certificate vouches for itself');
  }
  const algorithm = textOf(certificate, 'signature-algorithm');
  if (/md[245]|sha1(?![0-9])/i.test(algorithm)) {
    yield finding('certificate-signature', 'medium', `The certificate is signed by ${algorithm}`);
  }
  const weakness = keyWeakness(certificate);
  if (weakness !== null) yield finding('certificate-key', 'high', weakness);
}

/** Null when it is strong enough. */
function keyWeakness(certificate: XmlElement): string | null {
  const { type = '', bits = '' } = childOf(certificate, 'pk').attributes;
  // A kind of key that sslscan does not know has no bits, and another one no figure to compare.
  const least = BITS_MIN.get(type);
  if (least === undefined) return `Nobody knows how strong its key, ${type}, is`;
  if (!/^\d+$/.test(bits)) throw invalid(`says nothing of the length of its key`);
  return Number(bits) < least ? `Its key, ${type}, has ${bits} bits, less than ${least}` : null;
}

function isTrue(certificate: XmlElement, name: string): boolean {
  const text = textOf(certificate, name);
  if (text === 'true' || text === 'false') return text === 'true';
  throw invalid(`does not say whether it is ${name}`);
}

/** As OpenSSL prints it: `Nov 28 17:02:02 2027 GMT`. */
function momentOf(text: string): number {
  const atMs = /^\w{3} {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4} GMT$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(atMs)) throw invalid(`ends at "${text}", which is no time`);
  return atMs;
}

function textOf(certificate: XmlElement, name: string): string {
  return childOf(certificate, name).text.trim();
}

function childOf({ children }: XmlElement, name: string): XmlElement {
  const found = children.find((child) => child.name === name);
  if (!found) throw invalid(`has no ${name}`);
  return found;
}

function invalid(what: string): Error {
  return operationalError('report-invalid', `A certificate of it ${what}.`);
}
