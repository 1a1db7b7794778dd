/** A project with a chain of checks; programs print what they are told, so that what is tested is what becomes of it. */
import type { TestContext } from 'node:test';
import { aProject } from './project-builder.ts';

/** `validation`: lines of YAML, as below `validation:`, indented by six. */
export function aValidatedProject(test: TestContext, validation: string): string {
  return aProject(test, {
    config: `version: 1
system: newsroom
environments: { production: {} }
services:
  newsroom:
    release: { path: 'releases/{version}' }
    target: { driver: local, command: [node, server.js] }
    balancer: { driver: edge, listen: '127.0.0.1:0' }
    probes: [{ name: health, driver: http, path: /health }]
    validation:
${validation}`,
  });
}
