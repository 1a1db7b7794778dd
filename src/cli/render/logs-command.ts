/** Of several services one must be named: which of them is for people to say. */
export function logsCommand(id: string, services: readonly unknown[]): string {
  return `surefoot logs --deployment ${id}${services.length > 1 ? ' --service <name>' : ''}`;
}
