import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { aSigner } from '../../../../test/support/validation/a-signer.ts';
import type { SignedStatement } from '../../../core/validation/fact.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { factsIn } from '../../contract-suites/facts-in.ts';
import { signedReport } from './driver.ts';

/** Whose private half nobody has any more. */
const ADA =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILz/8SjXMZdn0cA5j/K9H6rMMmaFlROTGTTzxy8yZOxt ada@pentest.example';
const FIXTURE = 'openssh-9.2p1.md';
const passing = readFileSync(join(import.meta.dirname, 'fixtures', FIXTURE), 'utf8');
const environment = { stateDirectory: '/nowhere' };
const readerOf = (...signers: readonly string[]) =>
  signedReport.connect(signedReport.config.parse({ signers }), environment);

const statement: SignedStatement = {
  ...{ system: 'press', service: 'newsroom', versions: ['4.0', '4.1'], artifact: null },
  madeAtMs: Date.parse('2026-11-20'),
  ...{ isPassed: true, signer: 'ada@pentest.example' },
};

const head = (changes: Readonly<Record<string, string>> = {}): string => {
  const subject = { system: 'press', service: 'newsroom', versions: '4.0' };
  const all = { ...subject, date: '2026-11-20', result: 'passed' };
  const lines = Object.entries({ ...all, ...changes }).map(([key, value]) => `${key}: ${value}`);
  return `---\n${lines.join('\n')}\n---\nWhat was tried.\n`;
};
const eve = aSigner();
const DIGEST = `sha256:${'a'.repeat(64)}`;
const [oneHalf = '', other = ''] = passing.split('-----BEGIN');

describeReport('signed', readerOf(ADA, eve.line), {
  folder: import.meta.dirname,
  expected: { [FIXTURE]: { statements: [{ kind: 'statement', ...statement } as SignedStatement] } },
  passing,
  about: { system: 'press', service: 'newsroom', version: '4.0', artifact: DIGEST },
  broken: {
    'a text that was changed behind its signature': passing.replace('4.1', '4.2'),
    'a text with one more line': `${oneHalf}\n-----BEGIN${other}`,
    'a text without its signature': oneHalf,
    'a signature alone': `-----BEGIN${other}`,
    'two signatures of which the second is of neither': `${passing}-----BEGIN${other}`,
    'a signature for something else': eve.signed(head(), { namespace: 'git' }),
    'a signature of another text': eve.signed(head(), { over: 'another' }),
    'a signature of somebody else': aSigner().signed(head()),
    'a report that failed': eve.signed(head({ result: 'failed' })),
    'a report of another service': eve.signed(head({ service: 'shop' })),
    'a report of a service of this name in another system': eve.signed(head({ system: 'shop' })),
    'a report that names no system': eve.signed(head().replace('system: press\n', '')),
    'a report of another artifact': eve.signed(head({ artifact: DIGEST.replace('a', 'b') })),
    'a report of an artifact without a digest': eve.signed(head({ artifact: 'sha256:aa' })),
    'a report of another version': eve.signed(head({ versions: '3.9, 4.0.1' })),
    'a report that is too old': eve.signed(head({ date: '2026-05-01' })),
    'a report of tomorrow': eve.signed(head({ date: '2026-11-30' })),
    'a report of no day': eve.signed(head({ date: '2026-02-30' })),
    'a head without a result': eve.signed(head().replace('result: passed\n', '')),
    'a head with two results': eve.signed(head().replace('---\nWhat', 'result: failed\n---\nWhat')),
    'no head': eve.signed('It passed.\n'),
  },
});

test('signed: it is told whose signature it is, by their name or by the fingerprint of their key', async () => {
  const [named] = await factsIn(readerOf(`${eve.line} eve`), eve.signed(head()));
  const [unnamed] = await factsIn(readerOf(eve.line), eve.signed(head()));

  const byEve = { kind: 'statement', ...statement, versions: ['4.0'] };
  assert.deepEqual(named, { ...byEve, signer: 'eve' });
  assert.match(JSON.stringify(unnamed), /"signer":"SHA256:[A-Za-z0-9+/]{43}"/);
});

test('signed: what is signed of one artifact is told with it', async () => {
  const [fact] = await factsIn(readerOf(eve.line), eve.signed(head({ artifact: DIGEST })));

  assert.equal(fact?.kind === 'statement' && fact.artifact, DIGEST);
});

test('signed: what is wrong is said, and how it is signed', async () => {
  const refusals = {
    'by SHA256:': aSigner().signed(head()),
    'made for "git"': eve.signed(head(), { namespace: 'git' }),
    'not one of this text': eve.signed(head(), { over: 'another' }),
    'No signature stands behind it': head(),
  };
  for (const [says, text] of Object.entries(refusals)) {
    const why = new RegExp(`${says}[^]*ssh-keygen -Y sign -n surefoot-report`);
    await assert.rejects(factsIn(readerOf(eve.line), text), failsWith('report-invalid', why));
  }
});

test('signed: a key that is none, or of another kind, is refused where it is declared', () => {
  for (const line of ['', 'ada', 'ssh-rsa AAAAB3NzaC1yc2E= ada', `${eve.line}AAAA`]) {
    assert.throws(() => readerOf(line), /is no public key of SSH; write the line of its \.pub/);
  }
  assert.throws(() => readerOf(), /names nobody/);
});

test('signed: no byte of the text or of its signature can be another one', async () => {
  const bytes = Buffer.from(eve.signed(head()));
  const wherever = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
  await fc.assert(
    fc.asyncProperty(wherever, async ([at, by]) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ by;
      const facts = await factsIn(readerOf(eve.line), changed).catch(() => []);
      // Unless the armour reads as the very same signature, as with other spaces in it.
      const isSame =
        facts.length === 1 &&
        changed.subarray(0, head().length).equals(bytes.subarray(0, head().length));
      assert.ok(facts.length === 0 || isSame);
    }),
  );
});
