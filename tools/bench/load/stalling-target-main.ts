/**
 * A target that stops for a while again and again, as one does that collects garbage: it accepts and answers nothing
 * meanwhile. It stops at the same places of the system's monotonic clock as everybody can work out; without a time to stop
 * for it never does. `/seen` tells how many requests it has had, and over how long.
 */
import { createServer } from 'node:net';

const [port = 0, everyMs = 0, stallMs = 0, originMs = 0] = process.argv.slice(2).map(Number);

const HEAD_END = '\r\n\r\n';
const answer = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');

const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

const seen = { requests: 0, firstMs: 0, lastMs: 0 };

function count(): Buffer {
  seen.lastMs = nowMs();
  if (seen.requests === 0) seen.firstMs = seen.lastMs;
  seen.requests += 1;
  return answer;
}

function told(): string {
  const { requests, firstMs, lastMs } = seen;
  const body = JSON.stringify({ requests, overMs: lastMs - firstMs });
  return `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

createServer({ noDelay: true }, (socket) => {
  let tail = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const heads = (tail + chunk.toString('latin1')).split(HEAD_END);
    tail = heads.pop() ?? '';
    for (const head of heads) socket.write(head.startsWith('GET /seen ') ? told() : count());
  });
  // Whoever comes while it stops is let in afterwards, and need not knock again after a second.
}).listen({ port, host: '127.0.0.1', backlog: 4_096 }, () => {
  if (stallMs > 0) stallNext();
});

function stallNext(): void {
  const past = Math.max(0, Math.ceil((nowMs() - originMs) / everyMs));
  const beginsMs = originMs + past * everyMs;
  setTimeout(() => {
    const word = new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(word, 0, 0, Math.max(0, beginsMs + stallMs - nowMs()));
    setImmediate(stallNext);
  }, beginsMs - nowMs());
}
