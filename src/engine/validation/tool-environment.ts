/**
 * What tools have of Surefoot's own environment: what instances have, and which authorities this machine trusts, without
 * which nothing can be fetched behind a proxy that signs for itself.
 */
import { inheritedEnvironment } from '../../platform/inherited-environment.ts';

const TRUST = [
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'],
];

export function toolEnvironment(
  host: Readonly<Record<string, string | undefined>>,
): ReturnType<typeof inheritedEnvironment> {
  const trust = TRUST.flatMap((name) => {
    const value = host[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(trust), ...inheritedEnvironment(host) };
}
