import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText } from '../../test/support/config/config-text.ts';
import {
  headlinesOf,
  inTemporaryFolder,
  loadPath,
  loadText,
  type TextOptions,
} from '../../test/support/config/load-text.ts';

const DATABASE = "'${NEWSROOM_DATABASE_URL}'";

const withDatabase = (written: string) => configText([DATABASE, written]);

async function loaded(text: string, options: TextOptions = {}) {
  const result = await loadText(text, options);
  assert.ok(result.ok, JSON.stringify(result));
  return result;
}

async function databaseOf(text: string, options: TextOptions = {}): Promise<unknown> {
  const { config } = await loaded(text, options);
  const target = config.services['newsroom']?.target.config as { env: Record<string, string> };
  return target.env['DATABASE_URL'];
}

function withVariables(...environments: readonly string[]): string {
  return configText(['  production: {}', environments.map((line) => `  ${line}`).join('\n')]);
}

test('a valid file gives its configuration, the parts of drivers as the drivers read them', async () => {
  const { config, environment, digest, source } = await loaded(configText());

  const service = config.services['newsroom']!;
  assert.deepEqual([config.version, config.system, config.profile], [1, 'newsroom', 'critical']);
  assert.equal(environment, 'production');
  assert.match(digest, /^sha256:[0-9a-f]{64}$/);
  assert.equal(source, configText());
  assert.deepEqual(service.release, { path: 'releases/{version}' });
  assert.equal(service.target.driver, 'local');
  assert.partialDeepStrictEqual(service.balancer, {
    driver: 'edge',
    config: { listen: { host: '127.0.0.1', port: 8080 }, requestTimeout: 4_000 },
  });
  assert.deepEqual(
    service.probes.map(({ name, driver }) => [name, driver]),
    [['health', 'http']],
  );
  assert.deepEqual(service.rollout.gate, {
    holdFor: 10_000,
    deadline: 60_000,
    minSamples: 100,
    compare: [],
    excludeHarm: false,
    warmUp: 200,
    errorRate: 0,
    latency: { quantile: 'p95', max: 100 },
  });
});

test('without a rollout the strict defaults hold', async () => {
  const { config } = await loaded(configText().replace(/ {4}rollout:[^]*/, ''));

  assert.deepEqual(config.services['newsroom']!.rollout, {
    strategy: {
      kind: 'canary',
      steps: [10, 50, 100].map((weight) => ({ weight, holdFor: 30_000, minSamples: 200 })),
    },
    keepOld: 0,
    baselineInstances: 0,
    lease: 10_000,
    ...{ safeFirst: 50, hedge: 0, assignment: undefined },
    probing: { consecutive: 3, interval: 200, deadline: 30_000 },
    gate: {
      holdFor: 30_000,
      deadline: 600_000,
      minSamples: 200,
      compare: [],
      excludeHarm: false,
      warmUp: 200,
      errorRate: 0,
      latency: { quantile: 'p95', max: 100 },
    },
    approvals: [],
    trip: { connectErrors: 3, serverErrors: 5, timeouts: 3, hangAfterMs: 300 },
    drain: 30_000,
  });
});

test('a step says its own floors; what it does not say comes from the gate', async () => {
  const text = configText([
    'weights: [10, 50, 100]',
    'steps: [{ weight: 5, holdFor: 20s, minSamples: 50 }, { weight: 60, minSamples: 7 }, { weight: 100 }]',
  ]);

  const { config } = await loaded(text);

  assert.deepEqual(config.services['newsroom']!.rollout.strategy, {
    kind: 'canary',
    steps: [
      { weight: 5, holdFor: 20_000, minSamples: 50 },
      { weight: 60, holdFor: 10_000, minSamples: 7 },
      { weight: 100, holdFor: 10_000, minSamples: 100 },
    ],
  });
});

test('a batch is a number of instances or a share of the pool', async () => {
  const batchOf = async (lines: string) => {
    const text = configText(['strategy: canary\n      weights: [10, 50, 100]', lines]);
    return (await loaded(text)).config.services['newsroom']!.rollout.strategy;
  };

  assert.deepEqual(await batchOf('strategy: rolling'), { kind: 'rolling', batch: { share: 0.25 } });
  assert.deepEqual(await batchOf('strategy: rolling\n      batch: 1'), {
    kind: 'rolling',
    batch: { instances: 1 },
  });
});

test('blue-green keeps the old release for ten minutes unless the file says otherwise', async () => {
  const blueGreen = [
    'strategy: canary\n      weights: [10, 50, 100]',
    'strategy: blue-green',
  ] as const;
  const rolloutOf = async (text: string) =>
    (await loaded(text)).config.services['newsroom']!.rollout;
  const byDefault = await rolloutOf(configText(blueGreen));
  const said = await rolloutOf(
    configText(blueGreen, ['drain: 30s', 'drain: 30s\n      keepOld: 1h\n      proof: 50']),
  );

  assert.deepEqual(byDefault.strategy, { kind: 'blue-green', proof: 20 });
  assert.equal(byDefault.keepOld, 600_000);
  assert.deepEqual([said.strategy, said.keepOld], [{ kind: 'blue-green', proof: 50 }, 3_600_000]);
});

test('the standard profile allows more, what the file says wins', async () => {
  const bare = configText()
    .replace(/ {4}rollout:[^]*/, '')
    .replace('version: 1', 'version: 1\nprofile: standard');
  const said = configText(['version: 1', 'version: 1\nprofile: standard'], ['0%', '0.5%']);

  const gateOf = async (text: string) =>
    (await loaded(text)).config.services['newsroom']!.rollout.gate;

  assert.deepEqual(
    [(await gateOf(bare)).errorRate, (await gateOf(bare)).latency.max],
    [0.0001, 200],
  );
  assert.deepEqual(
    [(await gateOf(said)).errorRate, (await gateOf(said)).latency.max],
    [0.005, 100],
  );
});

test('a variable replaces its reference, alone or within text', async () => {
  const environmentVariables = { USER_NAME: 'anna', SECRET: 'p: ${USER_NAME} # {}' };

  const value = await databaseOf(withDatabase("'pg://${USER_NAME}:${SECRET}@db'"), {
    environmentVariables,
  });

  assert.equal(value, 'pg://anna:p: ${USER_NAME} # {}@db');
});

test('a default stands in for a missing or empty variable', async () => {
  const text = withDatabase("'${A:-first} ${B:-} ${C:-a:-b}'");

  assert.equal(await databaseOf(text, { environmentVariables: { A: '' } }), 'first  a:-b');
});

test('an escaped reference stays as it is', async () => {
  assert.equal(await databaseOf(withDatabase("'$${HOME} $HOME $$'")), '${HOME} $HOME $$');
});

test('a reference that cannot be read is refused at its place', async () => {
  const messages = await headlinesOf(withDatabase("'x ${1A} ${B'"));

  assert.deepEqual(messages, [
    'surefoot.yaml:13:31: "${1A}" is not a reference; write ${NAME} or ${NAME:-default}, or $${ for the characters themselves',
  ]);
});

test('a reference in a key is text, not a reference', async () => {
  const messages = await headlinesOf(configText(['instances: 2', 'instances: 2\n      ${X}: 1']), {
    environmentVariables: { NEWSROOM_DATABASE_URL: 'x', X: 'ports' },
  });

  assert.equal(messages.length, 1);
  assert.match(messages[0]!, /unknown key "\$\{X\}"/);
});

test('a variable gives text where a number is needed', async () => {
  const messages = await headlinesOf(configText(['instances: 2', "instances: '${COUNT}'"]), {
    environmentVariables: { NEWSROOM_DATABASE_URL: 'x', COUNT: '2' },
  });

  assert.deepEqual(messages, [
    'surefoot.yaml:12:18: instances: must be a number, but a variable always gives a string',
  ]);
});

test('the variables of the chosen environment win, those of others are not looked at', async () => {
  const text = withVariables(
    'production:',
    "  variables: { NEWSROOM_DATABASE_URL: 'pg://${PASSWORD}@production' }",
    'staging:',
    "  variables: { NEWSROOM_DATABASE_URL: 'pg://${STAGING_PASSWORD}@staging' }",
  );
  const environmentVariables = { NEWSROOM_DATABASE_URL: 'outside', PASSWORD: 'hunter2' };

  const value = await databaseOf(text, { environmentVariables, environment: 'production' });

  assert.equal(value, 'pg://hunter2@production');
});

test('variables see what comes from outside, not each other', async () => {
  const text = withVariables('production:', "  variables: { A: '${B}', B: x }");

  const messages = await headlinesOf(text);

  assert.equal(messages.length, 1);
  assert.match(messages[0]!, /^surefoot\.yaml:5:\d+: B is not set/);
});

test('of several environments one must be chosen, and it must exist', async () => {
  const text = withVariables('production: {}', 'staging: {}');

  assert.equal((await loaded(text, { environment: 'staging' })).environment, 'staging');
  assert.deepEqual(await headlinesOf(text), [
    'surefoot.yaml:3:1: there are several environments (production, staging); say which one is meant',
  ]);
  assert.deepEqual(await headlinesOf(text, { environment: 'stagin' }), [
    'surefoot.yaml:3:1: there is no environment "stagin"; declared are: production, staging (did you mean "staging"?)',
  ]);
});

test('values from outside are given back for masking, the longest first', async () => {
  const text = withDatabase("'${A}${B}${C}${D:-default}'");
  const environmentVariables = { A: 'long', B: 'longer-secret', C: 'abc' };

  const { secretValues } = await loaded(text, { environmentVariables });

  assert.deepEqual(secretValues, ['longer-secret', 'long']);
});

test('no message shows a value from outside', async () => {
  const messages = await headlinesOf(configText(['127.0.0.1:8080', "'${LISTEN}'"]), {
    environmentVariables: { NEWSROOM_DATABASE_URL: 'x', LISTEN: 'hunter2-hunter2' },
  });

  assert.match(messages.join('\n'), /^surefoot\.yaml:18:15: listen: "\[secret\]"/);
});

test('a value from outside is masked where it is quoted as JSON, too', async () => {
  const messages = await headlinesOf(configText(['p95', "'${QUANTILE}'"]), {
    environmentVariables: { NEWSROOM_DATABASE_URL: 'x', QUANTILE: 'hunter"2\\hunter' },
  });

  assert.match(messages.join('\n'), /not "\[secret\]"$/);
});

test('an alias takes the value of its anchor', async () => {
  const text = configText(['startTimeout: 15s', 'startTimeout: &time 15s'], ['10s\n', '*time\n']);

  const { config } = await loaded(text);

  const target = config.services['newsroom']!.target.config as Record<string, unknown>;
  assert.deepEqual([target['startTimeout'], target['stopGrace']], [15_000, 15_000]);
});

test('tags, directives, merge keys and a second document are refused', async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    [withDatabase('!!js/function x'), /^surefoot\.yaml:13:28: tags are not supported: !!js/],
    [`%YAML 1.1\n---\n${configText()}`, /^surefoot\.yaml:1:1: %YAML directives are not supported/],
    [configText(['instances: 2', '<<: {}']), /^surefoot\.yaml:12:7: merge keys \(<<\)/],
    [`${configText()}---\nversion: 1\n`, /^surefoot\.yaml:39:1: holds more than one document/],
  ];

  for (const [text, expected] of cases) {
    const messages = await headlinesOf(text);
    assert.equal(messages.length, 1, messages.join('\n'));
    assert.match(messages[0]!, expected);
  }
});

test('after a YAML mistake nothing else is said', async () => {
  const text = configText(['version: 1', 'version: 7'], ['[10, 50, 100]', '[10, 50']);

  const messages = await headlinesOf(text);

  assert.ok(messages.length > 0);
  assert.ok(messages.every((message) => !message.includes('version')));
});

test('a missing driver, section or probe is named with the place it belongs to', async () => {
  assert.deepEqual(await headlinesOf(configText(['driver: edge\n', 'requestTimout: 1s\n'])), [
    'surefoot.yaml:16:5: the key "driver" is missing in balancer: one of edge',
  ]);
  assert.deepEqual(await headlinesOf('version: 1\nsystem: a\nenvironments: { b: {} }\n'), [
    'surefoot.yaml:1:1: the key "services" is missing at the top of the file',
  ]);
  assert.deepEqual(
    await headlinesOf(configText().replace(/probes:[^]*?rollout/, 'probes: []\n    rollout')),
    ['surefoot.yaml:20:13: probes: needs at least one probe, or a dead release would be promoted'],
  );
});

test('a file that is no mapping is refused', async () => {
  assert.deepEqual(await headlinesOf('- a\n'), [
    'surefoot.yaml:1:1: the file: must be a mapping (key: value), not a list',
  ]);
});

test('problems carry code, place and path for machines', async () => {
  await inTemporaryFolder(async (folder) => {
    const missing = await loadPath(`${folder}/missing.yaml`);
    const wrong = await loadText(configText(['[10, 50, 100]', '[50, 10, 100]']));

    assert.deepEqual(!missing.ok && missing.problems, [
      {
        code: 'file-unreadable',
        message: 'does not exist; `surefoot init` writes one to start from',
        file: `${folder}/missing.yaml`,
        line: 0,
        column: 0,
        path: '',
      },
    ]);
    const [problem] = wrong.ok ? [] : wrong.problems;
    assert.deepEqual(
      [problem?.code, problem?.line, problem?.column, problem?.path],
      ['value-invalid', 28, 21, 'services.newsroom.rollout.weights[1]'],
    );
  });
});

test('a variable from outside is refused where plans and process lists would show it', async () => {
  const command = 'command: [node, server.js]';
  const cases: readonly (readonly [from: string, to: string, place: RegExp])[] = [
    [command, "command: [node, server.js, '--token=${TOK}']", /^surefoot\.yaml:11:43: TOK /],
    [command, "command: [node, server.js, '${TOK:-none}']", /^surefoot\.yaml:11:35: TOK /],
    ['path: /health', "path: '/health?key=${TOK}'", /^surefoot\.yaml:23:28: TOK /],
    [
      'path: /health',
      "path: /health\n        headers: { authorization: 'Bearer ${TOK}' }",
      /^surefoot\.yaml:24:43: TOK /,
    ],
    [
      'path: /health',
      "path: /health\n        method: POST\n        body: '${TOK}'",
      /^surefoot\.yaml:25:16: TOK /,
    ],
    ["'{release.version}'", "'${TOK}'", /^surefoot\.yaml:24:50: TOK /],
  ];
  for (const [from, to, place] of cases) {
    const messages = await headlinesOf(configText([from, to]), {
      environmentVariables: { NEWSROOM_DATABASE_URL: 'x', TOK: 'hunter2-hunter2' },
    });

    assert.equal(messages.length, 1, messages.join('\n'));
    assert.match(messages[0] ?? '', place);
    assert.match(messages[0] ?? '', /comes from outside and may be secret/);
  }
});

test('a declared variable stands anywhere, unless it only hands on what is outside', async () => {
  const command = ['command: [node, server.js]', "command: [node, '${MODE}']"] as const;
  const declaring = (value: string) =>
    configText(['  production: {}', `  production: { variables: { MODE: ${value} } }`], command);
  const environmentVariables = { NEWSROOM_DATABASE_URL: 'x', TOK: 'hunter2-hunter2' };

  const { config } = await loaded(declaring('quiet'), { environmentVariables });
  const messages = await headlinesOf(declaring("'${TOK}'"), { environmentVariables });

  const target = config.services['newsroom']!.target.config as { command: readonly string[] };
  assert.deepEqual(target.command, ['node', 'quiet']);
  assert.equal(messages.length, 1, messages.join('\n'));
  assert.match(messages[0] ?? '', /^surefoot\.yaml:11:\d+: MODE comes from outside/);
});

test('addresses, paths and numbers may come from outside: they are no secrets', async () => {
  const text = configText(
    ['releases/{version}', "'${RELEASES}/{version}'"],
    ['127.0.0.1:8080', "'127.0.0.1:${WEB_PORT}'"],
  );

  const { config } = await loaded(text, {
    environmentVariables: { NEWSROOM_DATABASE_URL: 'x', RELEASES: '/srv/web', WEB_PORT: '8081' },
  });

  const { release, balancer } = config.services['newsroom']!;
  assert.equal(release.path, '/srv/web/{version}');
  assert.deepEqual((balancer.config as { listen: unknown }).listen, {
    host: '127.0.0.1',
    port: 8081,
  });
});
