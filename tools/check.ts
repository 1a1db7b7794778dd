/**
 * Everything that must hold before a change is done: format, lint, types, tests. `--no-tests` leaves
 * the tests out. Goes on after a finding, so that one run tells all.
 */
import { runTool } from './run-tool.ts';

function main(): number {
  if (Number(process.versions.node.split('.')[0]) < 24) {
    console.error(
      `This runs on Node ${process.versions.node}; it needs 24. Use \`npm run check\`.`,
    );
    return 1;
  }
  console.log(`Node ${process.versions.node}`);
  const steps: [title: string, ...command: [string, ...string[]]][] = [
    ['format', 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
    ['lint', 'node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'],
    ['types', 'node_modules/typescript/bin/tsc', '-p', '.', '--noEmit'],
  ];
  let isGood = true;
  for (const [title, tool, ...args] of steps) {
    const status = runTool(tool, args);
    console.log(`${title}: ${status === 0 ? 'ok' : 'FAILED (`npm run fix` mends what it can)'}`);
    isGood &&= status === 0;
  }
  if (!process.argv.includes('--no-tests')) isGood = runTool('tools/test.ts', []) === 0 && isGood;
  return isGood ? 0 : 1;
}

process.exitCode = main();
