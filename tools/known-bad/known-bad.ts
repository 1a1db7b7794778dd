/** Faults that a chain must find, each with the check of the newsroom that is meant to. */
import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface KnownBad {
  readonly what: string;
  readonly check: string;
  /** Which the preview runs. */
  readonly release: string;
  /** In a copy of the newsroom. */
  readonly spoil: (folder: string) => Promise<void>;
  /** The criterion that it must not meet, and what must be observed of it. */
  readonly unmet: string;
  readonly by: RegExp;
}

/** Which has none of the faults. */
export const GOOD_RELEASE = '4.0';

const asItIs = (): Promise<void> => Promise.resolve();

export const knownBad: readonly KnownBad[] = [
  {
    what: 'a vulnerable lodash in the lock file',
    ...{ check: 'libraries', release: GOOD_RELEASE },
    async spoil(folder) {
      const args = ['install', '--package-lock-only', '--no-audit', '--no-fund', 'lodash@4.17.15'];
      await promisify(execFile)('npm', args, { cwd: join(folder, 'validation') });
    },
    unmet: 'findings of medium and above',
    by: /CVE-\d+-\d+ at lodash 4\.17\.15/,
  },
  {
    what: 'a private key',
    ...{ check: 'secrets', release: GOOD_RELEASE },
    async spoil(folder) {
      const { privateKey } = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      });
      await writeFile(join(folder, 'app', 'server-key.txt'), privateKey);
    },
    unmet: 'findings of note and above',
    by: /privatekey at app\/server-key\.txt/,
  },
  {
    what: 'a token in a file of environment variables',
    ...{ check: 'secrets', release: GOOD_RELEASE },
    spoil: (folder) => writeFile(join(folder, '.env'), `TOKEN=ghp_${eighteenBytes()}\n`),
    unmet: 'findings of note and above',
    by: /github at \.env/,
  },
  {
    what: 'a password in a YAML file',
    ...{ check: 'secrets', release: GOOD_RELEASE },
    spoil: (folder) =>
      appendFile(
        join(folder, 'surefoot.yaml'),
        `# postgresql://newsroom:${eighteenBytes()}@database.internal/newsroom\n`,
      ),
    unmet: 'findings of note and above',
    by: /database-connection-string at surefoot\.yaml/,
  },
  {
    what: 'a library under a licence that is not allowed',
    ...{ check: 'licences', release: GOOD_RELEASE },
    async spoil(folder) {
      const path = join(folder, 'validation', 'package-lock.json');
      const lock = await readFile(path, 'utf8');
      await writeFile(path, lock.replace('"license": "ISC"', '"license": "AGPL-3.0-only"'));
    },
    unmet: 'licences that are not allowed',
    by: /^1, the first: .* under AGPL-3\.0-only/,
  },
  {
    what: 'a lint error',
    ...{ check: 'lint', release: GOOD_RELEASE },
    spoil: (folder) => appendFile(join(folder, 'app', 'html.ts'), '\neval("1");\n'),
    unmet: 'findings of medium and above',
    by: /no-eval at app\/html\.ts/,
  },
  {
    what: 'a test that fails',
    ...{ check: 'unit', release: GOOD_RELEASE },
    spoil: (folder) =>
      appendFile(join(folder, 'app', 'html.test.ts'), aTest('() => assert.fail()')),
    unmet: 'tests that failed',
    by: /^1, the first: .*planted/,
  },
  {
    what: 'a test that is skipped',
    ...{ check: 'unit', release: GOOD_RELEASE },
    spoil: (folder) =>
      appendFile(join(folder, 'app', 'html.test.ts'), aTest('{ skip: true }, () => undefined')),
    unmet: 'tests that were skipped',
    by: /^1\b/,
  },
  {
    what: 'cross-site scripting in a page of the preview',
    ...{ check: 'attacks', release: '3.7', spoil: asItIs },
    unmet: 'findings of medium and above',
    by: /Cross Site Scripting at GET \/search.* q/,
  },
  {
    what: 'a header that is missing',
    ...{ check: 'headers', release: '3.8', spoil: asItIs },
    unmet: 'findings of low and above',
    by: /Content Security Policy/,
  },
  {
    what: 'a target at half of the rate',
    ...{ check: 'load', release: '3.9', spoil: asItIs },
    unmet: 'answers a second',
    by: /^\d\d(?:\.\d)?$/,
  },
  {
    what: 'memory that leaks under load',
    ...{ check: 'endurance', release: '3.10', spoil: asItIs },
    unmet: 'growth of memory',
    by: /^\+\d+ MiB a minute/,
  },
];

function aTest(rest: string): string {
  return `\ntest('planted', ${rest});\n`;
}

/** In 36 characters, which no scanner knows yet. */
function eighteenBytes(): string {
  return randomBytes(18).toString('hex');
}
