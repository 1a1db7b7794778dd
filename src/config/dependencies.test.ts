import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testBadInputs } from '../../test/support/config/bad-input-table.ts';
import { loadText } from '../../test/support/config/load-text.ts';

const service = (name: string, port: number, dependsOn: string): string => `  ${name}:
    dependsOn: ${dependsOn}
    release: { path: '${name}/{version}' }
    target: { driver: local, command: [node, server.js], instances: 1 }
    balancer: { driver: edge, listen: '127.0.0.1:${port}' }
    probes: [{ name: health, driver: http, path: /health }]
`;

const twoServices = (ofApi: string, ofWeb: string): string => `version: 1
system: newsroom
environments: { production: {} }
services:
${service('api', 8081, ofApi)}${service('web', 8080, ofWeb)}`;

test('a service says what comes before it, and nothing is said of one that says nothing', async () => {
  const loaded = await loadText(twoServices('[]', '[api]'));

  assert.ok(loaded.ok);
  assert.deepEqual(
    Object.values(loaded.config.services).map(({ dependsOn }) => dependsOn),
    [[], ['api']],
  );
});

testBadInputs([
  {
    title: 'a dependency on a service that is not declared',
    text: twoServices('[]', '[apu]'),
    says: [/^:12:17: there is no service "apu"; declared are: api, web/],
  },
  {
    title: 'a dependency on what every object has by itself',
    text: twoServices('[]', '[constructor]'),
    says: [/^:12:17: there is no service "constructor"; declared are: api, web/],
  },
  {
    title: 'services that depend on each other',
    text: twoServices('[web]', '[api]'),
    says: [':6:16: depends in a circle, so none could come first: api on web, web on api'],
  },
  {
    title: 'a service that depends on itself',
    text: twoServices('[]', '[web]'),
    says: [':12:16: depends in a circle, so none could come first: web on web'],
  },
  {
    title: 'a dependency that is no list',
    text: twoServices('[]', 'api'),
    says: [/^:12:16: .*list/],
  },
]);
