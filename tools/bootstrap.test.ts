/** Starts the starters in a fake checkout: a real Node, a fake npm, no network. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';

const repository = dirname(import.meta.dirname);

const lock = {
  lockfileVersion: 3,
  packages: { '': {}, 'node_modules/node': { version: '24.1.0' } },
};

/** Notes that it ran, and installs a Node as the real one would. */
const fakeNpm = `#!/bin/sh
echo "fake npm $*"
mkdir -p node_modules/node/bin && ln -sf "$REAL_NODE" node_modules/node/bin/node
echo "$*" >> npm-calls
`;

interface Checkout {
  readonly root: string;
  write(path: string, text: string): void;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): ReturnType<typeof spawn>;
  run(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<{ code: number | null; stdout: string; stderr: string }>;
  npmCalls(): string[];
}

function aCheckout(context: TestContext): Checkout {
  const root = mkdtempSync(join(tmpdir(), 'sf-boot-'));
  context.after(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode: 0o755 });
  };
  for (const file of ['bin/node-runtime.mjs', 'bin/surefoot.mjs', 'tools/bootstrap.mjs']) {
    cpSync(join(repository, file), join(root, file));
  }
  write('package.json', '{ "type": "module" }');
  write('package-lock.json', JSON.stringify(lock));
  write('fake/npm', fakeNpm);
  const start: Checkout['start'] = (args, env = {}) =>
    spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: `${join(root, 'fake')}:/usr/bin:/bin`, REAL_NODE: process.execPath, ...env },
    });
  return {
    root,
    write,
    start,
    async run(args, env) {
      const child = start(args, env);
      let stdout = '';
      let stderr = '';
      child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, stdout, stderr };
    },
    npmCalls: () =>
      existsSync(join(root, 'npm-calls'))
        ? readFileSync(join(root, 'npm-calls'), 'utf8').trim().split('\n')
        : [],
  };
}

/** Makes a process believe that it runs on another Node. */
function pretending(version: string): string[] {
  const code = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
}

function installed(checkout: Checkout): void {
  mkdirSync(join(checkout.root, 'node_modules/node/bin'), { recursive: true });
  symlinkSync(process.execPath, join(checkout.root, 'node_modules/node/bin/node'));
  checkout.write('node_modules/.package-lock.json', JSON.stringify(lock));
}

test('without packages they are installed once, with npm on stderr only', async (context) => {
  const checkout = aCheckout(context);
  checkout.write('hello.ts', `console.log('hello', ...process.argv.slice(2));`);

  const first = await checkout.run(['tools/bootstrap.mjs', 'hello.ts', 'a', '--b']);
  const second = await checkout.run(['tools/bootstrap.mjs', 'hello.ts']);

  assert.equal(first.stdout, 'hello a --b\n');
  assert.match(first.stderr, /fake npm ci/);
  assert.equal(second.stdout, 'hello\n');
  assert.deepEqual(checkout.npmCalls(), ['ci --no-audit --no-fund']);
});

test('a changed lock file installs again', async (context) => {
  const checkout = aCheckout(context);
  checkout.write('hello.ts', '');
  await checkout.run(['tools/bootstrap.mjs', 'hello.ts']);
  const packages = { ...lock.packages, 'node_modules/zod': { version: '4.0.0' } };
  checkout.write('package-lock.json', JSON.stringify({ ...lock, packages }));

  await checkout.run(['tools/bootstrap.mjs', 'hello.ts']);

  assert.equal(checkout.npmCalls().length, 2);
});

test("packages that a developer's npm install brought up to date are left alone", async (context) => {
  const checkout = aCheckout(context);
  installed(checkout);
  checkout.write('hello.ts', `console.log('ran');`);

  const result = await checkout.run(['tools/bootstrap.mjs', 'hello.ts']);

  assert.equal(result.stdout, 'ran\n');
  assert.deepEqual(checkout.npmCalls(), []);
});

test('a failing npm ci stops with its exit, and nothing is run', async (context) => {
  const checkout = aCheckout(context);
  checkout.write('fake/npm', '#!/bin/sh\necho E404 >&2\nexit 7\n');
  checkout.write('hello.ts', `console.log('ran');`);

  const result = await checkout.run(['tools/bootstrap.mjs', 'hello.ts']);

  assert.equal(result.code, 1);
  assert.equal(result.stdout, '');
  assert.match(result.stderr, /E404[^]*npm ci failed/);
  assert.ok(!existsSync(join(checkout.root, 'node_modules/.surefoot-lock')));
});

test('the exit code of the script is kept, and node_modules/.bin leads its PATH', async (context) => {
  const checkout = aCheckout(context);
  installed(checkout);
  checkout.write('exit.ts', `console.log(process.env['PATH']?.split(':')[0]); process.exit(42);`);

  const result = await checkout.run(['tools/bootstrap.mjs', 'exit.ts']);

  assert.equal(result.code, 42);
  assert.equal(result.stdout.trim(), join(checkout.root, 'node_modules/.bin'));
});

test('a signal reaches the script', async (context) => {
  const checkout = aCheckout(context);
  installed(checkout);
  checkout.write(
    'wait.ts',
    `const alive = setInterval(() => {}, 1000);
     process.once('SIGTERM', () => { clearInterval(alive); process.exitCode = 9; });
     console.log('ready');`,
  );
  const child = checkout.start(['tools/bootstrap.mjs', 'wait.ts']);
  assert.ok(child.stdout);
  await once(createInterface({ input: child.stdout }), 'line');

  child.kill('SIGTERM');

  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 9);
});

test('a Node older than 20 is refused with its version and the way out', async (context) => {
  const checkout = aCheckout(context);

  for (const script of ['tools/bootstrap.mjs', 'bin/surefoot.mjs']) {
    const result = await checkout.run([...pretending('18.19.1'), script, 'x.ts']);

    assert.equal(result.code, 1);
    assert.match(result.stderr, /needs Node 20 or newer to start; this is 18\.19\.1\./);
    assert.match(result.stderr, /nodejs\.org/);
  }
  assert.deepEqual(checkout.npmCalls(), []);
});

test('an install without its scripts is named as the cause of a missing Node', async (context) => {
  const checkout = aCheckout(context);
  checkout.write('fake/npm', '#!/bin/sh\nmkdir -p node_modules\n');

  const result = await checkout.run(['tools/bootstrap.mjs', 'x.ts']);

  assert.equal(result.code, 1);
  assert.match(result.stderr, /npm ci --ignore-scripts=false/);
});

test('an installed Node that is too old is refused', async (context) => {
  const checkout = aCheckout(context);
  checkout.write('node_modules/.package-lock.json', JSON.stringify(lock));
  checkout.write('node_modules/node/bin/node', '#!/bin/sh\necho v22.22.0\n');

  const result = await checkout.run(['tools/bootstrap.mjs', 'x.ts']);

  assert.equal(result.code, 1);
  assert.match(result.stderr, /runs on Node 24; node_modules has v22\.22\.0/);
});

test('the CLI runs in place on Node 24 and hands over from an older one', async (context) => {
  const checkout = aCheckout(context);
  installed(checkout);
  checkout.write('src/main.ts', `console.log(process.argv.slice(2).join(' '), process.ppid);`);

  const inPlace = await checkout.run(['bin/surefoot.mjs', 'status', '--json']);
  const handedOver = await checkout.run([...pretending('20.11.0'), 'bin/surefoot.mjs', 'status']);

  assert.equal(inPlace.stdout, `status --json ${process.pid}\n`);
  assert.match(handedOver.stdout, /^status \d+\n$/);
  assert.notEqual(handedOver.stdout, `status ${process.pid}\n`);
  assert.equal(handedOver.code, 0);
});

test('the CLI installs nothing by itself', async (context) => {
  const checkout = aCheckout(context);

  const result = await checkout.run([...pretending('20.11.0'), 'bin/surefoot.mjs', 'status']);

  assert.equal(result.code, 1);
  assert.match(result.stderr, /npm ci/);
  assert.deepEqual(checkout.npmCalls(), []);
});
