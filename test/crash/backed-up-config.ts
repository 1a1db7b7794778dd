/** A configuration of which only the backups are ever used: `backup` as it stands in the file, by name. */
export function backedUpConfig(backups: Readonly<Record<string, string>>, more = ''): string {
  const declared = Object.entries(backups).map(([name, backup]) => `      ${name}: ${backup}\n`);
  return `version: 1
system: newsroom
environments:
  production: {}
${more}services:
  newsroom:
    release: { path: 'releases/{version}' }
    target: { driver: local, command: [node, server.js], instances: 1 }
    balancer: { driver: edge, listen: '127.0.0.1:1' }
    probes: [{ name: health, driver: http, path: /health }]
    backups:
${declared.join('')}`;
}
