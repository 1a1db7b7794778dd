import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aRelease } from '../../../test/support/validation/a-checked-release.ts';
import { aLinter, LINTER } from '../../../test/support/validation/checks.ts';

test('the report of another check is never taken for the one on the bait, whatever the other is called', async (t) => {
  const { validate, folder } = aRelease(t);
  const [written, over] = [join(folder, 'written'), join(folder, 'over')];
  const until = (path: string) =>
    `const wait = () => { if (!require('node:fs').existsSync('${path}')) setTimeout(wait, 5); }; wait();`;
  // It has found something, and goes on until the other has ended.
  const other = aLinter('lint-of-bait', {
    run: [
      ...['node', '-e'],
      `${LINTER.replace("'bad'", "'good'")}; fs.writeFileSync('${written}', ''); ${until(over)}`,
      '{report}',
    ],
  });
  // On its bait it finds nothing, and writes no report either.
  const lint = aLinter('lint', {
    ...{ plantApart: { 'bait.js': 'bad' } },
    run: [
      ...['node', '-e'],
      `if (require('node:fs').existsSync('a.js')) {${LINTER}} else { ${until(written)} }`,
      '{report}',
    ],
  });

  const { checks } = await validate([other, lint], {
    onEvent: (event) => {
      if (event.kind === 'ended' && event.result.name === 'lint') writeFileSync(over, '');
    },
  });

  assert.deepEqual(
    checks.map(({ outcome }) => outcome),
    ['FAIL', 'ERROR'],
  );
  assert.match(checks[1]?.criteria.at(-1)?.observed ?? '', /the tool wrote no report on it/);
});
