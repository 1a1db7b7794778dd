/** Mends what can be mended without thinking: format and the fixable findings of the linter. */
import { runTool } from './run-tool.ts';

const lint = runTool('node_modules/eslint/bin/eslint.js', ['--fix', '--max-warnings', '0', '.']);
const format = runTool('node_modules/prettier/bin/prettier.cjs', [
  '--write',
  '--log-level=warn',
  '.',
]);
process.exitCode = lint === 0 && format === 0 ? 0 : 1;
