/**
 * Stands between PostgreSQL's clients and its socket. Passes everything on, statement by statement,
 * and lets a listener hold back a statement or its answer.
 */
import { connect, createServer, type Socket } from 'node:net';
import { createMessageCutter, type PostgresMessage } from './postgres-messages.ts';
import { behind, takePlace, type Tap } from './take-place.ts';

export interface TappedStatement {
  /** Statement and parameters. */
  readonly text: string;
  /** Of PostgreSQL's process for the connection. */
  readonly backendPid: number;
  /** Both sides find the connection closed. */
  cut(): void;
}

/** What becomes of a statement: nothing else of the connection is passed on after the last two. */
export type StatementFate =
  | { readonly kind: 'pass' }
  /** Passed on; `sent` is called when it is on its way. */
  | { readonly kind: 'tell'; readonly sent: () => void }
  /** Not a byte of it is passed on. */
  | { readonly kind: 'withhold' }
  /** Passed on; `answered` is called when PostgreSQL has done it, of which nothing is passed on. */
  | { readonly kind: 'keep-answer'; readonly answered: () => void };

const READY_FOR_QUERY = 'Z';
const BACKEND_KEY_DATA = 'K';
const ERROR = 'E';
/** Parse, bind, describe, execute, close: they wait for the sync that ends them. */
const PARTS = 'PBDEC';
const STATEMENT_ENDS = 'SQ';

/** Takes the place of `socketPath`, until it is closed. Connections of before stay as they are. */
export async function tapPostgres(
  socketPath: string,
  fateOf: (statement: TappedStatement) => StatementFate,
): Promise<Tap> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(behind(socketPath));
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    }
    join(client, upstream, fateOf);
  });
  return takePlace(socketPath, server, () => {
    for (const socket of open) socket.destroy();
  });
}

function join(
  client: Socket,
  upstream: Socket,
  fateOf: (statement: TappedStatement) => StatementFate,
): void {
  const said = createMessageCutter(true);
  const answers = createMessageCutter(false);
  const state = { backendPid: 0, isSilent: false, answered: null as (() => void) | null };
  let parts: PostgresMessage[] = [];
  const cut = (): void => {
    client.destroy();
    upstream.destroy();
  };
  for (const socket of [client, upstream]) {
    socket.on('error', cut);
    socket.once('close', cut);
  }

  client.on('data', (chunk: Buffer) => {
    for (const message of said.cut(chunk)) {
      if (state.isSilent) return;
      parts.push(message);
      if (message.type !== '' && PARTS.includes(message.type)) continue;
      const statement = parts;
      parts = [];
      passOn(statement);
    }
  });
  upstream.on('data', (chunk: Buffer) => {
    for (const message of answers.cut(chunk)) {
      if (message.type === BACKEND_KEY_DATA) state.backendPid = message.body.readInt32BE(0);
      if (!state.isSilent) client.write(message.bytes);
      else if (message.type === ERROR) state.answered = null;
      else if (message.type === READY_FOR_QUERY) state.answered?.();
    }
  });

  function passOn(statement: readonly PostgresMessage[]): void {
    const bytes = Buffer.concat(statement.map((message) => message.bytes));
    const last = statement.at(-1)?.type ?? '';
    const isStatement = last !== '' && STATEMENT_ENDS.includes(last);
    const fate: StatementFate = isStatement
      ? fateOf({ text: bytes.toString('utf8'), backendPid: state.backendPid, cut })
      : { kind: 'pass' };
    state.isSilent = fate.kind === 'withhold' || fate.kind === 'keep-answer';
    if (fate.kind === 'keep-answer') state.answered = fate.answered;
    if (fate.kind === 'withhold') return;
    upstream.write(bytes, fate.kind === 'tell' ? fate.sent : undefined);
  }
}
