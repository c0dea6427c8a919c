import { once } from 'node:events';
import { createServer, request } from 'node:http';

/** A proxy as a shop has one before two servers: it asks each for its health, and sends to one that is well. */
export async function startProxy(
  servers: string[],
): Promise<{ url: string; add(url: string): void; close(): Promise<void> }> {
  const upstreams = [...servers];
  const well = new Set<string>();
  const look = async () => {
    for (const url of upstreams) {
      const fine = await fetch(`${url}/health`, { headers: { connection: 'close' } }).then(
        (a) => a.ok,
        () => false,
      );
      if (fine) well.add(url);
      else well.delete(url);
    }
  };
  await look();
  const timer = setInterval(() => void look(), 100);
  let turn = 0;
  const server = createServer((asked, answer) => {
    const all = [...well];
    const to = all[turn++ % all.length];
    if (!to) {
      answer.writeHead(502).end('no server is well');
      return;
    }
    const passed = request(
      `${to}${asked.url}`,
      { method: asked.method, headers: asked.headers },
      (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer);
      },
    );
    passed.on('error', (error) => answer.headersSent || answer.writeHead(502).end(String(error)));
    asked.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    add: (url) => upstreams.push(url),
    async close() {
      clearInterval(timer);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
