/** Asks a running newsroom of release 4.0, at NEWSROOM_URL, what it must do: for its preview. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessChecks } from '../checks/access-checks.ts';
import type { TestRelease } from '../test-release.ts';
import { contentChecks } from '../checks/content-checks.ts';

const url = process.env['NEWSROOM_URL'] ?? '';
/** These checks ask for nothing else of it. */
const newsroom = new Proxy({ url } as TestRelease, {
  get: (of, name) => (assert.equal(name, 'url'), of.url),
});

for (const [title, check] of Object.entries({ ...contentChecks, ...accessChecks })) {
  test(title, () => check(newsroom));
}
