/** The first surefoot.yaml of a system: short, commented, valid as it is. */

export interface StarterAnswers {
  readonly system: string;
  readonly service: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Where clients connect, on 127.0.0.1. */
  readonly port: number;
  /** Its section of that name, line by line, without an indent. */
  readonly validation: readonly string[];
}

export function starterConfig(answers: StarterAnswers): string {
  const { system, service, command, port, validation } = answers;
  return `# yaml-language-server: $schema=./surefoot.schema.json
# What is deployed and how. Check it with: surefoot validate
# A secret or anything else that differs between machines: \${NAME} or \${NAME:-default}.
version: 1
system: ${system}

environments:
  production: {}

services:
  ${service}:
    release:
      # The folder (or file) of one release, relative to this file.
      path: releases/{version}

    target:
      driver: local
      # Runs in the release's folder and must listen on $PORT.
      command: [${command.map((word) => JSON.stringify(word)).join(', ')}]
      instances: 2
      # env: { DATABASE_URL: '\${DATABASE_URL}' }

    balancer:
      driver: edge
      # Where clients connect.
      listen: 127.0.0.1:${port}
      requestTimeout: 30s

    probes:
      # What every instance must answer before it gets any traffic. Have your service say its version
      # (it gets it as $SUREFOOT_RELEASE) and expect it here, so that no other release can answer:
      #   expect: { json: { version: '{release.version}' } }
      - name: front-page
        driver: http
        path: /

    # How a release is brought in.
    rollout:
      gate:
        # Taken back when it fails more often or is slower than the release before, beyond doubt, also
        # within the limits. Without it the limits alone decide.
        compare: [errors, latency]
        # First answers of each instance that are not compared. So two instances need 600 answers at 10 %
        # within the deadline, or 10 requests a second in all: with less traffic lower it and minSamples.
        warmUp: 200
      # These are the defaults:
      # strategy: canary         # or blue-green: all traffic at once, the old release kept warm
      # weights: [10, 50, 100]   # percent of new requests, step by step
      # lease: 10s               # if Surefoot is gone for this long, the old release serves all
      # Below gate: holdFor: 30s, deadline: 10m, minSamples: 200, errorRate: 0%

${validation.map((line) => (line === '' ? '\n' : `    ${line}\n`)).join('')}`;
}
