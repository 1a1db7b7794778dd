/** Stands between a client and an agent's socket and swallows answers when told. */
import { connect, createServer } from 'node:net';

export interface AnswerLosingProxy {
  /** Cuts the next connection on which an answer begins. */
  loseNextAnswer(): void;
  close(): Promise<void>;
}

export async function startAnswerLosingProxy(
  socketPath: string,
  agentPath: string,
): Promise<AnswerLosingProxy> {
  let isLosing = false;
  const server = createServer((client) => {
    const agent = connect(agentPath);
    client.pipe(agent);
    agent.on('data', (chunk) => {
      if (isLosing) {
        isLosing = false;
        client.destroy();
        return;
      }
      client.write(chunk);
    });
    agent.on('end', () => client.end());
    client.on('error', () => agent.destroy());
    agent.on('error', () => client.destroy());
    client.on('close', () => agent.destroy());
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    loseNextAnswer() {
      isLosing = true;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
