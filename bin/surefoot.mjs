#!/usr/bin/env node
// Starts the CLI on the right Node. Installs nothing: a command must not change the machine.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  checkStarter,
  handOver,
  installedRuntime,
  isRuntime,
  reportProblem,
} from './node-runtime.mjs';

const self = fileURLToPath(import.meta.url);

try {
  checkStarter();
  if (isRuntime()) {
    await import('../src/main.ts');
  } else {
    const root = dirname(dirname(self));
    const node = installedRuntime(root);
    await handOver({ root, node, script: self, args: process.argv.slice(2) });
  }
} catch (error) {
  reportProblem(error);
}
