/** An upstream that costs as little as Node allows: one fixed answer for every request head. */
import { createServer } from 'node:net';

const HEAD_END = '\r\n\r\n';
const body = 'Hello, world!';
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
);

const ports = process.argv.slice(2).map(Number);

for (const port of ports) {
  createServer({ noDelay: true }, (socket) => {
    let tail = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      const heads = (tail + chunk.toString('latin1')).split(HEAD_END);
      tail = heads.pop() ?? '';
      heads.forEach(() => socket.write(answer));
    });
  }).listen(port, '127.0.0.1');
}
