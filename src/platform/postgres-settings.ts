/**
 * How the embedded PostgreSQL is set. Given on its command line, so that nothing in its data can
 * weaken it: durable, no TCP, and small.
 */
export const postgresSettings = {
  // What was acknowledged is on the disk, whole.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  // Relative to the data: PostgreSQL's own path stays below the limit for sockets.
  listen_addresses: '',
  unix_socket_directories: '../s',
  port: '5432',
  max_connections: '100',
  shared_buffers: '32MB',
  max_wal_size: '256MB',
  huge_pages: 'off',
  io_method: 'sync',
  // Its output goes to a file that Surefoot caps.
  logging_collector: 'off',
  log_destination: 'stderr',
} as const satisfies Record<string, string>;

export function postgresSettingArguments(): readonly string[] {
  return Object.entries(postgresSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
