import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { doubledKey } from './doubled-key.ts';

const found = (text: string) => doubledKey(text, JSON.parse(text));

test('no JSON that has each key once has a doubled one, however it is written', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(4), (value, spaces) => {
      const text = JSON.stringify(value, null, spaces);
      assert.equal(found(text), null);
      assert.equal(found(`[${text},${text}]`), null);
    }),
  );
});

test('a key that stands twice in one object is found, wherever that is', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.jsonValue(),
      fc.jsonValue(),
      (key, one, other) => {
        const [name, first, second] = [key, one, other].map((value) => JSON.stringify(value));
        const text = `[1,{"a":{"\\"b\\\\":[],${name} : ${first},"c:":2,\n${name}\n:${second}}}]`;
        const doubled = found(text);
        assert.equal(doubled?.key, key);
        assert.equal(text.slice(doubled.offset).startsWith(`${name}`), true);
      },
    ),
  );
});

test('it is the same key however it is written, and another in another object', () => {
  assert.deepEqual(found('{"a":1,"\\u0061":2}'), { key: 'a', offset: 7 });
  assert.deepEqual(found('{"__proto__":1,"__proto__":2}'), { key: '__proto__', offset: 15 });
  assert.equal(found('{"a":{"a":[{"a":1},{"a":"a:"}]},"b":"a"}'), null);
});

test('what is nested without end is looked through', () => {
  const deep = 200_000;
  assert.equal(found(`${'['.repeat(deep)}${']'.repeat(deep)}`), null);
});
