/** A valid surefoot.yaml to start from; tests replace the lines that they are about. */

const VALID = `version: 1
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
      instances: 2
      env: { DATABASE_URL: '\${NEWSROOM_DATABASE_URL}' }
      startTimeout: 15s
      stopGrace: 10s
    balancer:
      driver: edge
      listen: 127.0.0.1:8080
      requestTimeout: 4s
    probes:
      - name: health
        driver: http
        path: /health
        expect: { status: 200, json: { version: '{release.version}' } }
        timeout: 2s
    rollout:
      strategy: canary
      weights: [10, 50, 100]
      lease: 10s
      probing: { consecutive: 3, interval: 200ms, deadline: 30s }
      gate:
        holdFor: 10s
        deadline: 60s
        minSamples: 100
        errorRate: 0%
        latency: { quantile: p95, max: 100ms }
      trip: { connectErrors: 3, serverErrors: 5, timeouts: 3 }
      drain: 30s
`;

/** Every replacement must hit: a test about a line that is gone tests nothing. */
export function configText(
  ...replacements: readonly (readonly [from: string, to: string])[]
): string {
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The valid configuration does not hold: ${from}`);
    return text.replace(from, () => to);
  }, VALID);
}
