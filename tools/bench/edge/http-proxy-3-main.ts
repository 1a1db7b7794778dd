/** http-proxy-3 as its documents start it, with connections to the upstream kept open. */
import { Agent } from 'node:http';
import { createProxyServer } from 'http-proxy-3';

const [port = 0, upstreamPort = 0] = process.argv.slice(2).map(Number);

createProxyServer({
  target: `http://127.0.0.1:${upstreamPort}`,
  agent: new Agent({ keepAlive: true, maxSockets: 1_024 }),
  xfwd: true,
}).listen(port, '127.0.0.1');
