import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { failsWith } from '../../test/support/fails-with.ts';
import { jsonElements, type JsonLimits, type JsonPart, type JsonPath } from './json-elements.ts';

const results: JsonPath = ['runs', '*', 'results'];
const small: JsonLimits = { elementBytesMax: 100, restBytesMax: 200, depthMax: 10 };

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(
  text: string | Buffer,
  {
    paths = [results],
    size = 7,
    limits,
  }: { paths?: JsonPath[]; size?: number; limits?: JsonLimits } = {},
): Promise<readonly JsonPart[]> {
  const parts: JsonPart[] = [];
  for await (const part of jsonElements(inChunks(Buffer.from(text), size), paths, limits)) {
    part.read();
    parts.push(part);
  }
  return parts;
}

const valuesOf = (parts: readonly JsonPart[], kind: JsonPart['kind']) =>
  parts.filter((part) => part.kind === kind).map((part) => part.read());

test('elements of chosen arrays come one by one, and in the end all the rest', async () => {
  const parts = await read(
    '{"version":"2.1.0","runs":[{"results":[{"a":[1,"]"]}, 2 ,"x\\",y"],"tool":{"results":[3]}},{"results":[]}]}',
  );

  assert.deepEqual(valuesOf(parts, 'element'), [{ a: [1, ']'] }, 2, 'x",y']);
  assert.deepEqual(valuesOf(parts, 'rest'), [
    { version: '2.1.0', runs: [{ results: [], tool: { results: [3] } }, { results: [] }] },
  ]);
  assert.deepEqual(parts[0]?.kind === 'element' && parts[0].place, ['runs', '0', 'results']);
});

test('a key may be written with escapes, and an array at the top has an empty path', async () => {
  assert.deepEqual(valuesOf(await read('{"r\\u0075ns":[{"results":[7]}]}'), 'element'), [7]);
  assert.deepEqual(valuesOf(await read('[1,[2],{}]', { paths: [[]] }), 'element'), [1, [2], {}]);
});

test('whatever JSON and however it is cut into chunks, nothing is lost and nothing is added', async () => {
  const documents = fc.record({
    version: fc.string({ unit: 'binary' }),
    runs: fc.array(
      fc.record({ tool: fc.jsonValue(), results: fc.array(fc.jsonValue()) }, { requiredKeys: [] }),
      { maxLength: 3 },
    ),
    other: fc.jsonValue(),
  });
  await fc.assert(
    fc.asyncProperty(
      documents,
      fc.integer({ min: 1, max: 40 }),
      fc.nat(2),
      async (document, size, indent) => {
        const whole = JSON.parse(JSON.stringify(document)) as typeof document;
        const parts = await read(JSON.stringify(document, null, indent), { size });

        assert.deepEqual(
          valuesOf(parts, 'element'),
          whole.runs.flatMap((run) => run.results ?? []),
        );
        const runs = whole.runs.map((run) => ({ ...run, ...(run.results && { results: [] }) }));
        assert.deepEqual(valuesOf(parts, 'rest'), [{ ...whole, runs }]);
      },
    ),
  );
});

const good = '{"version":"2","runs":[{"results":[{"a":1},{"b":"é"}],"x":null}]}';

test('wherever a document is cut off, that is found', async () => {
  for (let length = 0; length < good.length - 1; length += 1) {
    await assert.rejects(read(good.slice(0, length)), failsWith('report-invalid', /at byte \d+\./));
  }
  await read(good);
});

const broken: Readonly<Record<string, string | Buffer>> = {
  'an element that is missing': '{"runs":[{"results":[1,]}]}',
  'an element that is missing in between': '{"runs":[{"results":[1,,2]}]}',
  'two elements without a comma': '{"runs":[{"results":[{} {}]}]}',
  'an array that ends as an object': '{"runs":[{"results":[1}}]}',
  'something behind the end': '{"runs":[]} {}',
  'a brace too many': '{"runs":[]}}',
  'another format': '<?xml version="1.0"?><testsuites/>',
  'UTF-16': Buffer.from(good, 'utf16le'),
  'bytes that are no text': Buffer.concat([
    Buffer.from('{"runs":[{"results":["'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('"]}]}'),
  ]),
  'a comment': '{"runs":[{"results":[1 /* one */]}]}',
};

for (const [what, text] of Object.entries(broken)) {
  test(`a document with ${what} is refused`, async () => {
    await assert.rejects(read(text), failsWith('report-invalid', /at byte \d+\./));
  });
}

test('a bomb is refused before it takes up memory', async () => {
  const bombs: readonly (readonly [string, RegExp])[] = [
    [`{"runs":[{"results":[${'['.repeat(50)}${']'.repeat(50)}]}]}`, /deeper than 10 levels/],
    [`{"x":${'['.repeat(50)}${']'.repeat(50)}}`, /deeper than 10 levels/],
    [`{"runs":[{"results":["${'x'.repeat(200)}"]}]}`, /element is longer than 100 bytes/],
    [`{"runs":[],"x":"${'x'.repeat(300)}"}`, /in no list is longer than 200 bytes/],
  ];
  for (const [text, says] of bombs) {
    await assert.rejects(read(text, { limits: small }), failsWith('report-invalid', says));
  }
});

test('a mark of the byte order is no fault', async () => {
  assert.deepEqual(valuesOf(await read(`\uFEFF${good}`), 'element').length, 2);
});

test('what is no JSON is shown by its beginning, with what to do about it', async () => {
  const begins: Readonly<Record<string, RegExp>> = {
    '': /^It is empty: the tool has written nothing into its report, at byte 0\.$/,
    ' \n': /^It is empty/,
    [`Installing…${good}`]:
      /^It is no JSON: it begins with "Installing….*", at byte 0\. What a tool prints beside its report must not stand in it\.$/,
    '\n\nok 1 - adds\n':
      /^It is no JSON: it begins with "ok 1 - adds", at byte 2\. It looks like TAP: choose the report driver that reads it\.$/,
    '<testsuites/>': /^It is no JSON: it begins with "<testsuites\/>", .* It looks like XML: /,
  };
  for (const [text, says] of Object.entries(begins)) {
    await assert.rejects(read(text), failsWith('report-invalid', says));
  }
});

test('a fault is found where it is in the document, whatever was taken out before it', async () => {
  const broken = [
    '{"é":1,"runs":[{"results":[{"a":1},{"b":2}]}] !}',
    '{"é":1,"runs":[{"results":[{"a":1},{"b":2 !}]}]}',
  ];
  for (const text of broken) {
    const at = Buffer.byteLength(text.slice(0, text.indexOf('!')));
    await assert.rejects(read(text), failsWith('report-invalid', new RegExp(`at byte ${at}\\.`)));
  }
});

test('a key that stands twice in one object is refused with its place, in an element and in the rest', async () => {
  const refused: Readonly<Record<string, string>> = {
    '{"a":1,"a":2}': 'The key "a" stands twice in one object, at byte 7.',
    '{"runs":[{"results":[{"level":"error","level":"none"}]}]}':
      'The key "level" stands twice in one object, at byte 38.',
    '{"runs":[{"results":[1],"results":[]}]}':
      'The key "results" stands twice in one object, at byte 24.',
  };

  for (const [text, message] of Object.entries(refused)) {
    await assert.rejects(read(text), { message }, text);
  }
});
