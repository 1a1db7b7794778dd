/** Faults that a chain must find, each with the check of the newsroom that is meant to. */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface KnownBad {
  readonly what: string;
  readonly check: string;
  /** Which the preview runs. */
  readonly release: string;
  /** In a copy of the newsroom. */
  readonly spoil: (folder: string) => Promise<void>;
  /** What the check must say. */
  readonly by: RegExp;
}

const asItIs = (): Promise<void> => Promise.resolve();

export const knownBad: readonly KnownBad[] = [
  {
    what: 'a vulnerable lodash in the lock file',
    ...{ check: 'libraries', release: '4.0' },
    async spoil(folder) {
      const args = ['install', '--package-lock-only', '--no-audit', '--no-fund', 'lodash@4.17.15'];
      await promisify(execFile)('npm', args, { cwd: join(folder, 'validation') });
    },
    by: /CVE-\d+-\d+ at lodash 4\.17\.15/,
  },
  {
    what: 'a private key',
    ...{ check: 'secrets', release: '4.0' },
    async spoil(folder) {
      const { privateKey } = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      });
      await writeFile(join(folder, 'app', 'server-key.txt'), privateKey);
    },
    by: /privatekey at app\/server-key\.txt/,
  },
  {
    what: 'a lint error',
    ...{ check: 'lint', release: '4.0' },
    spoil: (folder) => appendFile(join(folder, 'app', 'html.ts'), '\neval("1");\n'),
    by: /no-eval at app\/html\.ts/,
  },
  {
    what: 'a test that fails',
    ...{ check: 'unit', release: '4.0' },
    spoil: (folder) =>
      appendFile(join(folder, 'app', 'html.test.ts'), aTest('() => assert.fail()')),
    by: /tests that failed: 1, the first: .*planted/,
  },
  {
    what: 'a test that is skipped',
    ...{ check: 'unit', release: '4.0' },
    spoil: (folder) =>
      appendFile(join(folder, 'app', 'html.test.ts'), aTest('{ skip: true }, () => undefined')),
    by: /tests that were skipped: 1/,
  },
  {
    what: 'cross-site scripting in a page of the preview',
    ...{ check: 'attacks', release: '3.7', spoil: asItIs },
    by: /Cross Site Scripting at GET \/search.* q/,
  },
  {
    what: 'a header that is missing',
    ...{ check: 'headers', release: '3.8', spoil: asItIs },
    by: /Content Security Policy/,
  },
  {
    what: 'a target at half of the rate',
    ...{ check: 'load', release: '3.9', spoil: asItIs },
    by: /answers a second: \d\d(?:\.\d)?$/,
  },
  {
    what: 'memory that leaks under load',
    ...{ check: 'endurance', release: '3.10', spoil: asItIs },
    by: /memory/,
  },
];

function aTest(rest: string): string {
  return `\ntest('planted', ${rest});\n`;
}
