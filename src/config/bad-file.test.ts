// Bad input 1 to 8, 10, 11, 22 and 24 of the reliability rules: files that say nothing usable.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { testBadInputs } from '../../test/support/config/bad-input-table.ts';
import { configText } from '../../test/support/config/config-text.ts';
import {
  headlinesOf,
  inTemporaryFolder,
  loadPath,
  loadText,
} from '../../test/support/config/load-text.ts';
import { readStableFile } from './read-stable-file.ts';

const LETTERS = 'abcdefghi';

/** Nine lists of nine aliases each: 9^9 values in 300 characters. */
const bomb = Array.from(LETTERS, (name, index) => {
  const item = index === 0 ? 'x' : `*${LETTERS.charAt(index - 1)}`;
  return `${name}: &${name} [${Array(9).fill(item).join(', ')}]\n`;
}).join('');

testBadInputs([
  { title: '1 an empty file', text: '', says: [':1:1: is empty'] },
  { title: '1 a file of white space', text: ' \n\n', says: [':1:1: is empty'] },
  { title: '1 a file of comments', text: '# later\n', says: [':1:1: holds no configuration'] },
  {
    title: '2 zero bytes after a crash',
    text: Buffer.alloc(512),
    says: [
      ':1:1: holds only zero bytes; it was probably being written when the machine stopped: restore it',
    ],
  },
  {
    title: '4 CRLF with a mistake keeps line and column',
    text: configText(['instances: 2', 'instances: 0']).replaceAll('\n', '\r\n'),
    says: [':12:18: instances: must be at least 1, not 0'],
  },
  {
    title: '5 a tab as indentation',
    text: 'version: 1\nenvironments:\n\tproduction: {}\n',
    says: [':3:1: a tab is used as indentation; YAML allows spaces only'],
  },
  {
    title: '6 a duplicate key',
    text: configText(['instances: 2', 'instances: 2\n      instances: 3']),
    says: [':13:7: this key is there twice; keep one'],
  },
  {
    title: '7 the keys __proto__ and constructor',
    text: configText(['env: { DATABASE_URL', 'env: { __proto__: {}, constructor: x, DATABASE_URL']),
    says: [
      ':13:14: "__proto__" is not allowed as a key',
      ':13:29: "constructor" is not allowed as a key',
    ],
  },
  {
    title: '8 an anchor bomb',
    text: bomb,
    says: [/^:\d+:\d+: holds more than (?:50 aliases|10000 values once aliases are resolved)$/],
  },
  {
    title: '8 more aliases than a person writes',
    text: `a: &a 1\nb: [${Array(51).fill('*a').join(', ')}]\n`,
    says: [/^:2:\d+: holds more than 50 aliases$/],
  },
  {
    title: '8 an alias to itself',
    text: 'a: &a [*a]\n',
    says: [':1:7: is nested deeper than 64 levels'],
  },
  {
    title: '8 half a megabyte of brackets',
    text: '['.repeat(512 * 1024),
    says: [/^:1:\d+: is nested deeper than 64 levels$/],
  },
  {
    title: '8 more values than a person writes',
    text: `a:\n${'  - 1\n'.repeat(10_001)}`,
    says: [':1:1: holds more than 10000 values'],
  },
  {
    title: '10 a file of 10 MB',
    text: Buffer.alloc(10 * 1024 * 1024, 'a'),
    says: [': is larger than 1048576 bytes; is it the right file?'],
  },
  {
    title: '11 a byte that is not UTF-8',
    text: Buffer.from(`${configText()}# caf\xe9\n`, 'latin1'),
    says: [':39:6: a byte here is not UTF-8; save the file as UTF-8'],
  },
  {
    title: '11 UTF-16',
    text: Buffer.from(`\ufeff${configText()}`, 'utf16le'),
    says: [':1:1: is encoded as UTF-16; save it as UTF-8'],
  },
]);

test('bad input 3 a byte order mark is accepted and moves no column', async () => {
  const marked = await loadText(`\ufeff${configText()}`);
  const wrong = await headlinesOf(`\ufeff${configText(['version: 1', 'version: 2'])}`);

  assert.equal(marked.ok, true);
  assert.deepEqual(wrong, ['surefoot.yaml:1:10: version: must be 1']);
});

test('bad input 4 CRLF is accepted', async () => {
  const result = await loadText(configText().replaceAll('\n', '\r\n'));

  assert.equal(result.ok, true);
});

test('bad input 22 a symbolic link that leads to itself is refused', async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, 'surefoot.yaml');
    await symlink('surefoot.yaml', path);

    assert.deepEqual(await messagesOf(path), ['is a symbolic link that leads back to itself']);
  });
});

test('bad input: what is no plain file is refused without waiting', async () => {
  await inTemporaryFolder(async (folder) => {
    const pipe = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    await mkdir(join(folder, 'directory'));
    await writeFile(join(folder, 'file'), '');

    assert.deepEqual(
      await Promise.all(
        ['pipe', 'directory', 'missing', 'file/below', 'n'.repeat(300)].map((name) =>
          messagesOf(join(folder, name)),
        ),
      ),
      [
        ['is a pipe; only a plain file can be read twice and compared'],
        ['is a directory; name the file in it'],
        ['does not exist; `surefoot init` writes one to start from'],
        ['does not exist: a part of its path is not a directory'],
        ['has a name that is too long'],
      ],
    );
  });
});

test(
  'bad input: a file that may not be read is refused',
  { skip: process.getuid?.() === 0 ? 'root may read everything' : false },
  async () => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'surefoot.yaml');
      await writeFile(path, configText());
      await chmod(path, 0o000);

      assert.deepEqual(await messagesOf(path), ['may not be read by this user']);
    });
  },
);

test('bad input 24 a file that is replaced while it is read is read again', async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, 'surefoot.yaml');
    await writeFile(path, 'old');
    const before = await stat(path, { bigint: true });
    await writeFile(path, 'newer');
    const after = await stat(path, { bigint: true });
    const readings = [
      { before, bytes: Buffer.from('ol'), after },
      { before: after, bytes: Buffer.from('newer'), after },
    ];

    const content = await readStableFile(path, async () => readings.shift()!);

    assert.equal(content.kind === 'read' && content.bytes.toString(), 'newer');
    assert.equal(readings.length, 0);
  });
});

test('bad input 24 a file that never stays the same is refused after three readings', async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, 'surefoot.yaml');
    let readings = 0;
    const content = await readStableFile(path, async () => {
      readings += 1;
      await writeFile(path, 'x'.repeat(readings));
      const before = await stat(path, { bigint: true });
      await writeFile(path, 'x'.repeat(readings + 1));
      return { before, bytes: Buffer.from('x'), after: await stat(path, { bigint: true }) };
    });

    assert.equal(readings, 3);
    assert.equal(content.kind === 'refused' && content.finding.code, 'file-changing');
  });
});

async function messagesOf(path: string): Promise<readonly string[]> {
  const result = await loadPath(path);
  return result.ok ? [] : result.problems.map(({ message }) => message);
}
