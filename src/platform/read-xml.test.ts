import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { failsWith } from '../../test/support/fails-with.ts';
import { readXml, xmlElements, type XmlChoice, type XmlElement, type XmlPart } from './read-xml.ts';

const tests: XmlChoice = {
  roots: ['suite'],
  isChosen: ({ name }, within) => name === 'test' && within.at(-1)?.name === 'suite',
};

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function parts(
  text: string | Buffer,
  { choice = tests, size = 7 }: { choice?: XmlChoice; size?: number } = {},
): Promise<readonly XmlPart[]> {
  const found: XmlPart[] = [];
  for await (const part of xmlElements(inChunks(Buffer.from(text), size), choice)) found.push(part);
  return found;
}

function written({ name, attributes, children, text }: XmlElement): string {
  const escaped = (value: string): string =>
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const inside = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return `<${name}${inside.join('')}>${escaped(text)}${children.map(written).join('')}</${name}>`;
}

test('chosen elements come one by one with all that is in them and the tags that they stand in', async () => {
  const text =
    '<?xml version="1.0"?><a:suite id="x"><test n="1"><why>so &amp; so</why></test>' +
    '<group><test n="2"/></group><suite id="y"><test n="3"><test n="4"/></test></suite></a:suite>';
  const outer = { name: 'suite', attributes: { id: 'x' } };

  assert.deepEqual(await parts(text), [
    {
      element: {
        ...{ name: 'test', attributes: { n: '1' }, text: '' },
        children: [{ name: 'why', attributes: {}, children: [], text: 'so & so' }],
      },
      within: [outer],
    },
    {
      element: {
        ...{ name: 'test', attributes: { n: '3' }, text: '' },
        children: [{ name: 'test', attributes: { n: '4' }, children: [], text: '' }],
      },
      within: [outer, { name: 'suite', attributes: { id: 'y' } }],
    },
  ]);
});

test('the end of what is not chosen is told where that is asked for, without what is in it', async () => {
  const text = '<suite id="x"><suite id="y">so<test n="1"/></suite><b/><suite id="z"/></suite>';
  const choice = { ...tests, isEndTold: ({ name }: { readonly name: string }) => name === 'suite' };

  assert.deepEqual(
    (await parts(text, { choice })).map(({ element, within }) => [written(element), within.length]),
    [
      ['<test n="1"></test>', 2],
      ['<suite id="y"></suite>', 1],
      ['<suite id="z"></suite>', 1],
      ['<suite id="x"></suite>', 0],
    ],
  );
});

test('whatever the elements and however they are cut into chunks, each comes as it was written', async () => {
  const words = fc.string({ unit: fc.constantFrom('a', 'ü', '€', '😀', '&', '<', '"', 'z') });
  const tag = {
    name: fc.constantFrom('test', 'b', 'c'),
    attributes: fc.dictionary(fc.constantFrom('n', 'm'), words),
    text: words,
  };
  const leaf = fc.record({ ...tag, children: fc.constant([]) });
  const branch = fc.record({ ...tag, children: fc.array(leaf, { maxLength: 3 }) });
  const element = fc.record({ ...tag, children: fc.array(branch, { maxLength: 3 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(element), fc.integer({ min: 1, max: 40 }), async (trees, size) => {
      const text = `<suite>${trees.map(written).join('<x/>')}</suite>`;
      const found = await parts(text, { size });
      const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

      assert.deepEqual(
        plain(found.map((part) => part.element)),
        plain(trees.filter(({ name }) => name === 'test')),
      );
      const root = await readXml(inChunks(Buffer.from(text), size), ['suite']);
      assert.deepEqual(plain(root.children.filter(({ name }) => name !== 'x')), plain(trees));
    }),
  );
});

test('a text and an attribute of any length come whole', async () => {
  const long = 'word '.repeat(40_000).trim();
  const root = await readXml(inChunks(Buffer.from(`<a b="${long}">${long}</a>`), 65_536), ['a']);

  assert.equal(root.text, long);
  assert.equal(root.attributes['b'], long);
});

const broken: Readonly<Record<string, string | Buffer>> = {
  'nothing in it': '',
  'white space': ' \n ',
  'another root': '<report/>',
  'an end that is missing': '<suite><test/>',
  'an end of another': '<suite><test></suite></test>',
  'something behind its end': '<suite><test/></suite>more',
  'two roots': '<suite/><suite/>',
  'an attribute without quotes': '<suite a=1/>',
  'an entity that nobody has declared': '<suite>&lol;</suite>',
  'a document type of its own': '<!DOCTYPE suite [<!ENTITY a "b">]><suite/>',
  'another encoding': Buffer.from('<suite/>', 'utf16le'),
  'bytes that are no text': Buffer.from([0x3c, 0x61, 0xff, 0xfe]),
  'bytes that are no text in it': Buffer.from('<suite>\u00ff</suite>', 'latin1'),
  'half a letter at its end': Buffer.from('<suite>€').subarray(0, -1),
  'JSON in place of XML': '{"suite":[]}',
};

for (const [what, text] of Object.entries(broken)) {
  test(`a document with ${what} is refused`, async () => {
    await assert.rejects(parts(text), failsWith('report-invalid'));
    await assert.rejects(
      readXml(inChunks(Buffer.from(text), 7), ['suite']),
      failsWith('report-invalid'),
    );
  });
}

test('a bomb is refused before it takes up memory', async () => {
  const choice = { ...tests, charactersMax: 100 };
  const long = 'x'.repeat(200);
  const bombs = {
    deep: `<suite>${'<a>'.repeat(300)}`,
    'a chosen element too long': `<suite><test><a/>${'<b>c</b>'.repeat(30)}</test></suite>`,
    'a text too long': `<suite>${long}</suite>`,
    'a comment too long': `<suite><!--${long}--></suite>`,
    'an attribute too long': `<suite a="${long}"/>`,
  };
  for (const [what, text] of Object.entries(bombs)) {
    await assert.rejects(parts(text, { choice }), failsWith('report-invalid'), what);
  }
  const apart = `<suite><test>${'x'.repeat(60)}</test>${' '.repeat(60)}<a/>${' '.repeat(60)}</suite>`;
  assert.equal((await parts(apart, { choice })).length, 1);
  const many = `<suite>${'<a>b</a>'.repeat(100)}<test/></suite>`;
  assert.equal((await parts(many, { choice })).length, 1);
});

test('what is no XML is shown by its beginning, with what to do about it', async () => {
  const begins: Readonly<Record<string, RegExp>> = {
    '': /^It is empty: the tool has written nothing into its report\.$/,
    '\n': /^It is empty/,
    'TAP version 13\nok 1\n':
      /^It is no XML: it begins with "TAP version 13"\. It looks like TAP: choose the report driver that reads it\.$/,
    '{"runs":[]}': /^It is no XML: it begins with .*\. It looks like JSON: /,
    'Installing… <suite/>':
      /^It is no XML: it begins with "Installing… <suite\/>"\. What a tool prints beside its report/,
    '<suite><a></suite>': /^It is no XML: [^.]+, in line 1, column \d+\.$/,
  };
  for (const [text, says] of Object.entries(begins)) {
    await assert.rejects(parts(text, { size: 100 }), failsWith('report-invalid', says));
  }
});

test('an attribute that stands twice in one tag is refused, whatever it is called', async () => {
  const names = ['name', '__proto__', 'constructor', 'hasOwnProperty', 'a:b'];

  for (const name of names) {
    const once = `<suite><test ${name}="1"/><test ${name}="2"/></suite>`;
    const [first] = await parts(once);
    assert.deepEqual(Object.entries(first?.element.attributes ?? {}), [[name, '1']], name);
    const twice = `<suite><test ${name}="1" other="" ${name}='1'/></suite>`;
    await assert.rejects(parts(twice), failsWith('report-invalid'), name);
  }
  await assert.rejects(parts('<suite>\n<test a="" a=""/></suite>'), {
    message: 'It has the attribute a twice in one tag, in line 2, column 15.',
  });
});
