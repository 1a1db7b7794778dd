/**
 * Finds the Node that runs Surefoot and hands a script over to it. Plain JavaScript for Node 20 and
 * newer: it runs before anything is installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

const STARTER_MAJOR_MIN = 20;
const RUNTIME_MAJOR = 24;

/** What the user can mend; printed without a stack. */
export class StartProblem extends Error {}

/** @param {string} version */
export function majorOf(version) {
  return Number(version.replace(/^v/, '').split('.')[0]);
}

/** Throws when the Node that was started cannot even start the right one. */
export function checkStarter() {
  if (majorOf(process.versions.node) >= STARTER_MAJOR_MIN) return;
  throw new StartProblem(
    `Surefoot needs Node ${STARTER_MAJOR_MIN} or newer to start; this is ${process.versions.node}.\n` +
      'Install a newer one from https://nodejs.org and run the command again.',
  );
}

export function isRuntime() {
  return majorOf(process.versions.node) >= RUNTIME_MAJOR;
}

/**
 * The Node that `npm ci` brought along; throws when it is missing or too old.
 * @param {string} root
 */
export function installedRuntime(root) {
  const node = join(root, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(node)) {
    throw new StartProblem(
      `Node ${RUNTIME_MAJOR}, a dev dependency of Surefoot, is not installed in ${root}.\n` +
        'Run `npm ci --ignore-scripts=false` there: it comes by an install script, which\n' +
        '`ignore-scripts` in an npmrc or `--omit=dev` would leave out.',
    );
  }
  const version = String(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout).trim();
  if (majorOf(version) >= RUNTIME_MAJOR) return node;
  throw new StartProblem(
    `Surefoot runs on Node ${RUNTIME_MAJOR}; node_modules has ${version || 'one that does not start'}.\n` +
      `Run \`npm ci\` in ${root}.`,
  );
}

/**
 * Runs a script with that Node as if it had been started instead: same streams, signals, exit code.
 * @param {{ root: string, node: string, script: string, args: string[] }} program
 * @returns {Promise<void>}
 */
export function handOver({ root, node, script, args }) {
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  const child = spawn(node, [script, ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the child as well; a second one would mean something else to it.
      const fromTerminal = process.stdin.isTTY && (signal === 'SIGINT' || signal === 'SIGQUIT');
      if (!fromTerminal) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.exitCode = signal ? 128 + constants.signals[signal] : (code ?? 1);
      resolve();
    });
  });
}

/**
 * Prints a problem that the user can mend as text; anything else keeps its stack.
 * @param {unknown} error
 */
export function reportProblem(error) {
  if (!(error instanceof StartProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
