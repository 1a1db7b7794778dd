// Runs a script of this repository on the right Node, after installing what is missing: the one
// thing here that needs nothing but Node 20 and npm. Usage: node tools/bootstrap.mjs <script> [args]
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  StartProblem,
  checkStarter,
  handOver,
  installedRuntime,
  reportProblem,
} from '../bin/node-runtime.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const lockFile = join(root, 'package-lock.json');
const stampFile = join(modules, '.surefoot-lock');

try {
  checkStarter();
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined)
    throw new StartProblem('Usage: node tools/bootstrap.mjs <script> [args]');
  if (!isInstalled()) install();
  await handOver({ root, node: installedRuntime(root), script: join(root, script), args });
} catch (error) {
  reportProblem(error);
}

function isInstalled() {
  if (!existsSync(modules)) return false;
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lockDigest()) return true;
  if (!holdsTheLock()) return false;
  stamp();
  return true;
}

function lockDigest() {
  return createHash('sha256').update(readFileSync(lockFile)).digest('hex');
}

function stamp() {
  writeFileSync(stampFile, lockDigest());
}

/** Whether npm's own note of what it installed agrees: so a developer's `npm install` counts too. */
function holdsTheLock() {
  const noteFile = join(modules, '.package-lock.json');
  if (!existsSync(noteFile)) return false;
  const wanted = packagesIn(lockFile);
  const present = packagesIn(noteFile);
  for (const [path, { version, optional }] of wanted) {
    const found = present.get(path);
    // Packages of other platforms are in the lock and rightly not on the disk.
    if (found === undefined ? !optional : found.version !== version) return false;
  }
  return [...present.keys()].every((path) => wanted.has(path));
}

/**
 * @param {string} file
 * @returns {Map<string, { version?: string, optional?: boolean }>}
 */
function packagesIn(file) {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));
  return new Map(Object.entries(packages ?? {}).filter(([path]) => path !== ''));
}

function install() {
  process.stderr.write('Installing the packages of package-lock.json (npm ci) …\n');
  const { command, args } = npm();
  const result = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund'], {
    cwd: root,
    env: { ...process.env, PATH: pathWithoutModules() },
    stdio: ['ignore', 2, 2],
  });
  if (result.error) {
    throw new StartProblem(`npm cannot be started: ${result.error.message}. Is it installed?`);
  }
  if (result.status !== 0) {
    throw new StartProblem('npm ci failed; its messages are above. Mend that and run this again.');
  }
  stamp();
}

/** The npm that started us, on the Node it runs on; else the one on the PATH. */
function npm() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const isKnown = script !== undefined && basename(script) === 'npm-cli.js';
  return isKnown && node !== undefined && !node.startsWith(modules + sep)
    ? { command: node, args: [script] }
    : { command: 'npm', args: [] };
}

/** npm must not run on the Node below node_modules, which `npm ci` deletes first. */
function pathWithoutModules() {
  const path = (process.env['PATH'] ?? '').split(delimiter);
  return path.filter((folder) => !folder.startsWith(modules)).join(delimiter);
}
