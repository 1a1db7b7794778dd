import assert from 'node:assert/strict';
import test from 'node:test';
import { runCommand } from './run-command.ts';

const newsroom = new URL('../../examples/newsroom/', import.meta.url).pathname;
const env = { NEWSROOM_DATABASE_URL: 'postgresql:///of-no-preview' };

for (const file of ['surefoot.yaml', 'checked.yaml']) {
  test(`the newsroom's ${file} is valid`, async () => {
    const { code, err } = await runCommand(['--config', file, 'validate'], { cwd: newsroom, env });
    assert.equal(code, 0, err);
  });
}
