/** What a URL of a MariaDB database says, for a session of ours and for MariaDB's own client programs. */

export interface MariadbAddress {
  /** Null: `host` and `port` are asked. */
  readonly socketPath: string | null;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** As several clients call it. */
const SOCKET_NAMES = ['socketPath', 'socket', 'unix_socket'];
const PORT = 3306;

export function mariadbAddress(url: string): MariadbAddress {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const sockets = SOCKET_NAMES.flatMap((name) => searchParams.get(name) ?? []);
  return {
    socketPath: sockets[0] ?? null,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? PORT : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  };
}

/** Of a server without a port. */
export function mariadbSocketUrl(socketPath: string, database: string): string {
  const url = new URL(`mysql://root@localhost/${encodeURIComponent(database)}`);
  url.searchParams.set('socketPath', socketPath);
  return url.toString();
}
