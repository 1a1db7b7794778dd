import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanRequest } from '../../src/api/contract/deploy-request.ts';
import { outcomeLines } from '../../src/cli/render/outcome-lines.ts';
import { createPaint } from '../../src/cli/render/paint.ts';
import { aPlan } from '../support/plan-builder.ts';
import { anApiBeforeWeb } from '../support/several-services.ts';
import { answersFor, promotedEvents } from './deployment-answers.ts';
import { aSummary, gateCause } from './deployment-builder.ts';
import { ndjson, startFakeServer } from './fake-server.ts';
import { aProject } from './project-builder.ts';
import { runCommand } from './run-command.ts';

const paint = createPaint(false);

/** Port 0 is free on every machine. */
const service = (name: string, dependsOn: string): string => `  ${name}:
    dependsOn: ${dependsOn}
    release: { path: 'releases/{version}' }
    target: { driver: local, command: [node, server.js], instances: 1 }
    balancer: { driver: edge, listen: '127.0.0.${name === 'api' ? 1 : 2}:0' }
    probes: [{ name: health, driver: http, path: /health }]
`;
const config = `version: 1
system: newsroom
environments: { production: {} }
services:
${service('web', '[api]')}${service('api', '[]')}`;

test('services are deployed together, what others depend on first, each with its release', async (t) => {
  const folder = aProject(t, { config, releases: ['2.0', '3.1'] });
  const server = await startFakeServer(t, folder, answersFor(ndjson(...promotedEvents())));

  const { code, err } = await runCommand(['deploy', 'web=3.1', 'api', '--release', '2.0'], {
    cwd: folder,
  });

  assert.equal(code, 0, err);
  const body = server.seen.find(({ path }) => path === '/v1/deployments')?.body as PlanRequest;
  assert.deepEqual(
    body.services.map(({ service: name, release }) => `${name} ${release.version}`),
    ['api 2.0', 'web 3.1'],
  );
});

test('services that cannot be meant together are refused before anything is sent', async (t) => {
  const folder = aProject(t, { config, releases: ['2.0'] });
  const server = await startFakeServer(t, folder, {});
  const says: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [['deploy', 'api=2.0', 'api=2.0'], /"api" is named twice/],
    [['deploy', 'api=2.0', 'web'], /Say which release of it: web=<version>/],
    [['deploy', '3.0'], /"3\.0" is no service\. A release is said by: --release 3\.0/],
    [['deploy', 'api=3.0', '--release', '2.0'], /say each version once/],
    [
      ['deploy', '--service', 'api=3.0', '--release', '2.0'],
      /Both "api=3\.0" and --release "2\.0" are given; say each version once/,
    ],
    [['deploy', '=2.0'], /name of the service is missing in "=2\.0"; declared are: web, api/],
    [['deploy', '--service', '=2.0'], /name of the service is missing in "=2\.0"/],
    [['deploy', 'api=2.0', 'mail=2.0'], /no service "mail"; declared are: web, api/],
    [['deploy', 'api=2.0', 'web='], /is not a version/],
    [['deploy', '--release', '2.0'], /several services \(web, api\); say which/],
    [['plan', 'api=2.0', 'web=2.0', '--power'], /forecast is made for one service at a time/],
  ];
  for (const [args, expected] of says) {
    const { code, err } = await runCommand([...args], { cwd: folder });

    assert.equal(code, 2, args.join(' '));
    assert.match(err, expected);
  }
  assert.deepEqual(server.seen, []);
});

test('the end is told of all of them', () => {
  const plan = aPlan({ services: anApiBeforeWeb() });
  const cause = { ...gateCause, step: 'web:judge-10' };

  const promoted = outcomeLines(plan, aSummary(), paint).join('\n');
  const reverted = outcomeLines(plan, aSummary({ outcome: 'reverted', cause }), paint);

  assert.match(promoted, /d2 PROMOTED: api 2\.0 and web 2\.0 serve production\./);
  assert.match(
    reverted.join('\n'),
    /api 2\.0 and web 2\.0 were taken back; api 1\.0 and web 1\.0 serve production\./,
  );
  assert.match(reverted.join('\n'), /step +web:judge-10 \(R4\)/);
});
