/** What is bad about how a server speaks TLS. */
import { operationalError } from '../../../core/operational-error.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import type { FoundPlace } from '../../../core/validation/found-place.ts';
import type { Level } from '../../../core/validation/level.ts';
import { levelsByWord } from '../../../core/validation/levels-by-word.ts';
import type { XmlElement } from '../../../platform/read-xml.ts';

export function* connectionFindings(target: XmlElement, place: FoundPlace): Generator<Fact> {
  for (const element of target.children) {
    const found = findingOf(element);
    if (found) yield { kind: 'finding', ...found, places: [place], isSuppressed: false };
  }
}

interface Found {
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
}

function findingOf(element: XmlElement): Found | null {
  switch (element.name) {
    case 'protocol':
      return ofProtocol(element);
    case 'cipher':
      return ofCipher(element);
    case 'renegotiation': {
      if (!isSet(element, 'supported') || isSet(element, 'secure')) return null;
      return { rule: 'renegotiation', level: 'medium', message: 'Renegotiation is not secured' };
    }
    case 'compression': {
      if (!isSet(element, 'supported')) return null;
      return { rule: 'CVE-2012-4929', level: 'medium', message: 'Compression gives secrets away' };
    }
    case 'heartbleed': {
      if (!isSet(element, 'vulnerable')) return null;
      return { rule: 'CVE-2014-0160', level: 'critical', message: 'It bleeds its memory out' };
    }
    default:
      return null;
  }
}

/** Those that are offered at all; 1.2 and 1.3 do no harm. */
const levelOfVersion = levelsByWord({
  ...{ 'ssl 2': 'critical', 'ssl 3': 'high' },
  ...{ 'tls 1.0': 'medium', 'tls 1.1': 'medium' },
});

const SOUND: ReadonlySet<string> = new Set(['tls 1.2', 'tls 1.3']);

function ofProtocol(element: XmlElement): Found | null {
  const isEnabled = isSet(element, 'enabled');
  const { type = '', version = '' } = element.attributes;
  const name = `${type} ${version}`;
  if (!isEnabled || SOUND.has(name)) return null;
  return { rule: name, level: levelOfVersion(name), message: `${name} is offered` };
}

/** Sslscan's own words. */
const levelOfStrength = levelsByWord({
  ...{ medium: 'medium', weak: 'high', anonymous: 'high', null: 'high' },
});

const STRONG: ReadonlySet<string> = new Set(['strong', 'acceptable']);

function ofCipher({ attributes }: XmlElement): Found | null {
  const { cipher, sslversion = '', strength } = attributes;
  if (cipher === undefined || strength === undefined) {
    throw operationalError('report-invalid', 'A cipher of it has no name or no strength.');
  }
  if (STRONG.has(strength)) return null;
  const message = `${cipher} is offered in ${sslversion}, and its strength is ${strength}`;
  return { rule: cipher, level: levelOfStrength(strength), message };
}

function isSet({ name, attributes }: XmlElement, key: string): boolean {
  const value = attributes[key];
  if (value === '0' || value === '1') return value === '1';
  throw operationalError('report-invalid', `It does not say whether ${name} is ${key}.`);
}
