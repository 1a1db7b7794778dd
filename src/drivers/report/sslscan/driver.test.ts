import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { judgeReport } from '../../../core/validation/judge-report.ts';
import { addFact, newTally, type Tally } from '../../../core/validation/tally.ts';
import { factsIn } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { sslscanReport } from './driver.ts';

const config = {
  level: 'medium',
  max: 0,
  suppressed: 0,
  covered: 1,
  validFor: 14 * 86_400_000,
} as const;
const reader = sslscanReport.connect(config, { stateDirectory: '/nowhere' });

const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const passing = fixture('sslscan-2.0.7.xml');
const findings = { note: 0, low: 0, medium: 0, high: 0, critical: 0 };

const changed = (from: string | RegExp, to: string): string => {
  const broken = passing.replace(from, to);
  assert.notEqual(broken, passing, String(from));
  return broken;
};

describeReport('sslscan', reader, {
  folder: import.meta.dirname,
  expected: {
    'sslscan-2.0.7.xml': {
      tool: { name: 'sslscan', version: '2.0.7' },
      ...{ covered: { rule: 10 }, findings, incomplete: [] },
      expiry: {
        what: 'certificate of localhost:8443',
        atMs: Date.parse('2027-11-28T17:02:02Z'),
      },
    },
    'sslscan-2.0.7-full.xml': { covered: { rule: 10 }, findings, incomplete: [] },
    'sslscan-2.0.7-tls13.xml': { covered: { rule: 9 }, findings, incomplete: [] },
    // TLS 1.0 and 1.1, signed by SHA-1, by itself; 6 anonymous ciphers, 13 without any, a key of 1024 bits.
    'sslscan-2.0.7-weak.xml': {
      covered: { rule: 67 },
      findings: { ...findings, medium: 4, high: 20 },
      incomplete: [],
    },
    'sslscan-2.0.7-expired.xml': { findings: { ...findings, high: 1 }, incomplete: [] },
    'sslscan-2.0.7-dead.xml': {
      covered: {},
      incomplete: ['Could not open a connection to host localhost (127.0.0.1) on port 8447.'],
    },
    'sslscan-2.0.7-plain-http.xml': {
      ...{ covered: { rule: 6 }, findings },
      incomplete: [
        'localhost:8450 speaks no version of TLS',
        'no cipher of localhost:8450 is told',
        'no certificate of localhost:8450 is told',
      ],
    },
  },
  passing,
  broken: {
    'SSL 2': changed('"ssl" version="2" enabled="0"', '"ssl" version="2" enabled="1"'),
    'SSL 3': changed('"ssl" version="3" enabled="0"', '"ssl" version="3" enabled="1"'),
    'TLS 1.1': changed('version="1.1" enabled="0"', 'version="1.1" enabled="1"'),
    'a version that nobody knows': changed(
      '<renegotiation',
      '<protocol type="tls" version="1.9" enabled="1" /><renegotiation',
    ),
    'a version that nobody asked for': changed(/.*"tls" version="1\.0".*\n/, ''),
    'a version that may be enabled or not': changed('version="3" enabled="0"', 'version="3"'),
    'a weak cipher': changed('strength="strong"', 'strength="medium"'),
    'a cipher of a strength that nobody knows': changed('strength="strong"', 'strength="fair"'),
    'a cipher without a strength': changed(' strength="strong"', ''),
    'no cipher': passing.replaceAll(/.*<cipher .*\n/g, ''),
    'a heart that bleeds': changed('vulnerable="0"', 'vulnerable="1"'),
    'renegotiation that is not secured': changed('supported="0" secure', 'supported="1" secure'),
    compression: changed('<heartbleed', '<compression supported="1" /><heartbleed'),
    'an error of its own': changed(
      '</ssltest>',
      '<error><![CDATA[Could not connect.]]></error></ssltest>',
    ),
    'a certificate that has expired': changed('<expired>false', '<expired>true'),
    'a certificate that vouches for itself': changed('<self-signed>false', '<self-signed>true'),
    'a certificate signed by SHA-1': changed('sha256With', 'sha1With'),
    'a certificate signed by MD5': changed('sha256With', 'md5With'),
    'a key of 1024 bits': changed('bits="2048"', 'bits="1024"'),
    'a key that nobody knows': changed('type="RSA"', 'type="unknown"'),
    'a key that every object knows': changed('type="RSA"', 'type="constructor"'),
    'a key of no length': changed('bits="2048"', ''),
    'a certificate that will expire': changed('Nov 28 17:02:02 2027', 'Dec 12 22:59:59 2026'),
    'a certificate that ends at no time': changed(
      'Nov 28 17:02:02 2027',
      'Smarch 13 17:02:02 2027',
    ),
    'a certificate without an end': changed(/.*not-valid-after.*\n/, ''),
    'no certificate': changed(/ <certificate type[^]*<\/certificate>/, ''),
    'no server': changed(/<ssltest[^]*<\/ssltest>/, ''),
    'another document': changed('SSLScan Results', 'Results'),
  },
});

test('what it does not say, or not in its own way, is refused rather than guessed', async () => {
  const refused = {
    'It is about no server': changed(/<ssltest[^]*<\/ssltest>/, ''),
    'It does not say whether protocol is enabled': changed('enabled="0"', 'enabled="no"'),
    'no name or no strength': changed(' strength="strong"', ''),
    'nothing of the length of its key': changed('bits="2048"', 'bits="long"'),
    'which is no time': changed('Nov 28 17:02:02 2027', 'Smarch 13 17:02:02 2027'),
    'has no not-valid-after': changed(/.*not-valid-after.*\n/, ''),
    'does not say whether it is expired': changed('<expired>false', '<expired>perhaps'),
  };

  for (const [says, text] of Object.entries(refused)) {
    await assert.rejects(tallied(text), new RegExp(says), says);
  }
});

test('a certificate must be valid for as long as is asked, and is told by its server', async () => {
  const ends = (text: string): string => passing.replace('Nov 28 17:02:02 2027', text);
  const nowMs = Date.parse('2026-11-28T12:00:00Z');
  const validity = async (text: string): Promise<unknown> => {
    const tally = await tallied(text);
    const about = {
      planted: [],
      apart: null,
      dated: null,
      nowMs,
      baseline: { kind: 'none' },
    } as const;
    return judgeReport(reader.rule, tally, about).criteria.at(-1);
  };
  const asked = { what: 'time until it expires', limit: 'at least 14 d' };

  assert.deepEqual(await validity(ends('Dec 12 12:00:00 2026')), {
    ...asked,
    ...{ observed: '14 d (certificate of localhost:8443)', state: 'met' },
  });
  assert.deepEqual(await validity(ends('Dec 12 11:59:59 2026')), {
    ...asked,
    ...{ observed: '14 d (certificate of localhost:8443)', state: 'unmet' },
  });
  assert.deepEqual(await validity(ends('Nov  1 00:00:00 2026')), {
    ...asked,
    ...{ observed: 'none (certificate of localhost:8443)', state: 'unmet' },
  });
});

async function tallied(text: string): Promise<Tally> {
  const tally = newTally();
  for (const fact of await factsIn(reader, text)) addFact(tally, fact);
  return tally;
}
