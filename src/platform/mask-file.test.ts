import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { secretWords } from '../core/secrets/secret-words.ts';
import { maskedChunks, maskFile } from './mask-file.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';

function aFile(t: TestContext, bytes: Buffer | string): string {
  const folder = temporaryFolder(t);
  const path = join(folder, 'report');
  writeFileSync(path, bytes);
  return path;
}

test('a secret is taken out wherever it stands, across the parts in which a file is read, too', async (t) => {
  const [part, secret] = [65_536, 'pässword-1'];
  for (const before of [0, 1, part - 10, part - 5, part - 1, part, 3 * part - 7]) {
    const path = aFile(t, `${'x'.repeat(before)}${secret}.${secret}`);

    await maskFile(path, [secret, 'another'], '[secret]');

    assert.equal(readFileSync(path, 'utf8'), `${'x'.repeat(before)}[secret].[secret]`);
  }
});

test('what is no text comes through as it was', async (t) => {
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 7) % 256));
  const path = aFile(t, bytes);

  await maskFile(path, ['secret'], '[secret]');

  assert.ok(readFileSync(path).equals(bytes));
});

test('of two secrets that begin alike the longer one is taken out whole, wherever a part ends', async (t) => {
  const part = 65_536;
  for (const before of [part - 1, part - 8, part - 9, part - 12, part - 15]) {
    const path = aFile(t, `${'x'.repeat(before)}password-of-all.password.`);

    await maskFile(path, ['password', 'password-of-all'], '[]');

    assert.equal(readFileSync(path, 'utf8'), `${'x'.repeat(before)}[].[].`);
  }
});

test('a secret of several lines is taken out line by line, as reports quote them', async (t) => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhk+iG9w0B\nAQEFAASC/kcwggSjAgEA\n';
  const path = aFile(t, `<a line="2">AQEFAASC/kcwggSjAgEA</a> ${JSON.stringify(key)} é`);

  await maskFile(path, [key], '[]');

  assert.equal(readFileSync(path, 'utf8'), '<a line="2">[]</a> "[]\\n" é');
});

async function maskedIn(
  pieces: readonly string[],
  secretValues: readonly string[],
): Promise<string> {
  const words = secretWords(secretValues);
  async function* chunks(): AsyncGenerator<string> {
    await Promise.resolve();
    yield* pieces;
  }
  let all = '';
  for await (const piece of maskedChunks(chunks(), words, '[]')) all += piece;
  return all;
}

function anyOf(characters: string): fc.Arbitrary<string> {
  return fc.constantFrom(...Array.from(characters));
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const inXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const FORMS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  inJson,
  (secret) => inJson(inJson(secret)),
  (secret) => encodeURIComponent(secret),
  (secret) => encodeURIComponent(encodeURIComponent(secret)),
  (secret) => new URLSearchParams({ '': secret }).toString().slice(1),
  (secret) => encodeURIComponent(new URLSearchParams({ '': secret }).toString().slice(1)),
  inXml,
  (secret) => inXml(inXml(secret)),
  (secret) => secret.replaceAll(/[^a-z]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`),
];

test('however a text is cut, it comes out as if it were whole, and no form of a secret is left', async () => {
  const secret = fc.string({
    unit: anyOf('ab&<"\\/+ é\n€'),
    minLength: 1,
    maxLength: 6,
  });
  const piece = fc.oneof(
    fc.record({ at: fc.nat(), form: fc.constantFrom(...FORMS) }),
    fc.string({ unit: anyOf('ab&<%;xyz'), maxLength: 4 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(secret, { minLength: 1, maxLength: 4 }),
      fc.array(piece, { maxLength: 12 }),
      fc.array(fc.nat(8), { minLength: 1, maxLength: 20 }),
      async (secrets, pieces, lengths) => {
        const text = pieces
          .map((each) =>
            typeof each === 'string' ? each : each.form(secrets[each.at % secrets.length] ?? ''),
          )
          .join('');
        const cut = [...lengths.keys()].map((at) => {
          const start = lengths.slice(0, at).reduce((sum, length) => sum + length, 0);
          return text.slice(start, start + (lengths[at] ?? 0));
        });
        const rest = text.slice(lengths.reduce((sum, length) => sum + length, 0));

        const masked = await maskedIn([...cut, rest], secrets);

        assert.equal(masked, await maskedIn([text], secrets));
        for (const form of FORMS) {
          for (const each of secrets.map((value) => value.replace(/\n+$/, '')).filter(Boolean)) {
            for (const left of masked.split('[]'))
              assert.ok(!left.includes(form(each)), form(each));
          }
        }
      },
    ),
  );
});

/** How texts write what is base64. */
const WRITTEN: readonly ((base64: string) => string)[] = [
  (base64) => base64,
  (base64) => base64.replaceAll('+', '-').replaceAll('/', '_'),
  (base64) => encodeURIComponent(base64),
  (base64) => base64.replaceAll('/', '\\/'),
];

test('wherever a secret stands in what is base64, nothing of it is left that depends on it alone', async () => {
  const some = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
    fc.string({ unit: anyOf('ab:?>~é€'), minLength, maxLength });
  await fc.assert(
    fc.asyncProperty(some(11, 20), some(0, 5), some(0, 5), async (secret, before, behind) => {
      const base64 = Buffer.from(`${before}${secret}${behind}`).toString('base64');
      const bits = Buffer.byteLength(before) * 8;
      const core = base64.slice(
        Math.ceil(bits / 6),
        Math.floor((bits + Buffer.byteLength(secret) * 8) / 6),
      );

      for (const written of WRITTEN) {
        const masked = await maskedIn([written(base64)], [secret]);

        assert.ok(!masked.includes(written(core)), masked);
      }
    }),
  );
});
