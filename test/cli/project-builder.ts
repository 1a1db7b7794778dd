/** A folder with a configuration and releases, as somebody would have it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryProject } from './run-command.ts';

/** Port 0 is free on every machine. */
const configOf = (listen: string): string => `version: 1
system: newsroom
environments:
  production: {}
services:
  newsroom:
    release:
      path: releases/{version}
    target:
      driver: local
      command: [node, server.js]
    balancer:
      driver: edge
      listen: ${listen}
    probes:
      - name: health
        driver: http
        path: /health
`;

/** Its path. */
export function aProject(
  test: TestContext,
  options: {
    readonly config?: string;
    readonly listen?: string;
    readonly releases?: readonly string[];
  } = {},
): string {
  const folder = temporaryProject(test);
  writeFileSync(
    join(folder, 'surefoot.yaml'),
    options.config ?? configOf(options.listen ?? '127.0.0.1:0'),
  );
  for (const version of options.releases ?? ['2.0']) {
    mkdirSync(join(folder, 'releases', version), { recursive: true });
    writeFileSync(join(folder, 'releases', version, 'server.js'), `// ${version}\n`);
  }
  return folder;
}
