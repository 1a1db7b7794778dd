/** The demo as users run it. Its own exit code says whether every promise was kept. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import type { DemoRow } from '../../tools/demo/demo-row.ts';

const demo = new URL('../../tools/demo/run-demo.ts', import.meta.url).pathname;

test('the demo promotes the good releases without a client error and reverts the bad ones', async () => {
  const { exitCode, lines, stderr } = await runDemo();

  assert.equal(exitCode, 0, stderr);
  const { summary } = JSON.parse(lines.at(-1) ?? '{}') as {
    summary: { deployments: DemoRow[]; seconds: number };
  };
  assert.deepEqual(
    summary.deployments.map(({ release, outcome }) => [release, outcome]),
    [
      ['1.0', 'promoted'],
      ['2.0', 'promoted'],
      ['3.0', 'reverted'],
      ['3.1', 'reverted'],
      ['3.2', 'reverted'],
      ['3.3', 'reverted'],
      ['4.0', 'promoted'],
    ],
    stderr,
  );
  for (const row of summary.deployments) {
    if (row.outcome === 'promoted') assert.equal(row.clientErrors, 0, `${row.release}\n${stderr}`);
  }
  assert.ok(
    lines.some((line) => line.startsWith('{"killed":"server"')),
    stderr,
  );
});

async function runDemo(): Promise<{ exitCode: number | null; lines: string[]; stderr: string }> {
  const child = spawn(process.execPath, [demo, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { exitCode, lines: stdout.trimEnd().split('\n'), stderr };
}
