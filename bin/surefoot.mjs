#!/usr/bin/env node
// Starts the CLI on the right Node. Installs nothing: a command must not change the machine.
import { enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  checkStarter,
  handOver,
  installedRuntime,
  isRuntime,
  reportProblem,
} from './node-runtime.mjs';

const self = fileURLToPath(import.meta.url);
const root = dirname(dirname(self));

try {
  checkStarter();
  if (isRuntime()) {
    // Every start is quicker by a third and takes less memory when nothing has to be compiled again, nor have its types taken
    // away. Kept beside the code, so that only who may write the code may write it; where nobody may, nothing is kept.
    enableCompileCache(join(root, 'node_modules', '.cache', 'surefoot'));
    await import('../src/main.ts');
  } else {
    const node = installedRuntime(root);
    await handOver({ root, node, script: self, args: process.argv.slice(2) });
  }
} catch (error) {
  reportProblem(error);
}
