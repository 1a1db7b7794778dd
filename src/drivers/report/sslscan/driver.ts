/** Report `sslscan`: which versions and ciphers of TLS a port offers, and by which certificate, in sslscan's XML. */
import type { z } from 'zod';
import { durationWithin } from '../../../core/model/duration.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { findingsAsked } from '../../../core/validation/asked/findings-asked.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { namedPlace } from '../../../core/validation/found-place.ts';
import { readXml, type XmlElement } from '../../../platform/read-xml.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import { certificateFacts } from './certificate-facts.ts';
import { connectionFindings } from './connection-findings.ts';

const findings = findingsAsked('rule');

const config = findings.config.extend({
  validFor: durationWithin('1m', '24d', 'How long the certificate must be valid yet.').prefault(
    '14d',
  ),
});

export const sslscanReport = reportDriver({
  id: 'sslscan',
  summary: 'Versions, ciphers and certificate of TLS, looked at by sslscan.',
  asks: {
    config,
    ruleOf: ({ validFor, ...asked }: z.output<typeof config>) => ({
      ...findings.ruleOf(asked),
      validForMinMs: validFor,
    }),
  },
  read: readSslscan,
});

async function* readSslscan(source: ReportSource): AsyncGenerator<Fact> {
  const root = await readXml(source.chunks(), ['document']);
  if (root.attributes['title'] !== 'SSLScan Results') {
    throw operationalError('report-invalid', 'It is no report of sslscan.');
  }
  yield { kind: 'tool', name: 'sslscan', version: root.attributes['version'] ?? null };
  const errors = allNamed(root, 'error');
  for (const { text } of errors) yield { kind: 'incomplete', message: text };
  const targets = allNamed(root, 'ssltest');
  if (targets.length === 0 && errors.length === 0) {
    throw operationalError('report-invalid', 'It is about no server.');
  }
  for (const target of targets) yield* factsOf(target);
}

/** Those older than TLS 1.2 must have been asked for, or nobody knows whether they are offered. */
const VERSIONS = ['ssl 2', 'ssl 3', 'tls 1.0', 'tls 1.1', 'tls 1.2', 'tls 1.3'];

function* factsOf(target: XmlElement): Generator<Fact> {
  const { host = '', port = '' } = target.attributes;
  const at = namedPlace(`${host}:${port}`, host);
  const place = at.text;
  const protocols = allNamed(target, 'protocol');
  const ciphers = allNamed(target, 'cipher');
  yield { kind: 'covered', unit: 'rule', count: protocols.length + ciphers.length };
  const asked = protocols.map(
    ({ attributes: { type, version } }) => `${type ?? ''} ${version ?? ''}`,
  );
  const missing = VERSIONS.filter((version) => !asked.includes(version));
  if (missing.length > 0) {
    yield incomplete(`${place} was not asked for ${missing.join(', ')}`);
  }
  if (!protocols.some(({ attributes }) => attributes['enabled'] === '1')) {
    yield incomplete(`${place} speaks no version of TLS`);
  }
  if (ciphers.length === 0) yield incomplete(`no cipher of ${place} is told`);
  yield* connectionFindings(target, at);
  // The other type, for which people must ask, says less, and comes with this one.
  const certificates = allNamed(target, 'certificate').filter(
    ({ attributes }) => attributes['type'] === 'short',
  );
  if (certificates.length === 0) yield incomplete(`no certificate of ${place} is told`);
  for (const certificate of certificates) yield* certificateFacts(certificate, at);
}

function incomplete(message: string): Fact {
  return { kind: 'incomplete', message };
}

/** However deep. */
function allNamed(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...allNamed(child, name),
  ]);
}
