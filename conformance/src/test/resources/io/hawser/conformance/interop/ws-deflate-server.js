// SPDX-License-Identifier: Apache-2.0
// Echoes with Node's ws, compressed as each request's query says; says its port. To "count" it answers how many bytes came and left. Ends with
// its input.
const { WebSocketServer } = require('ws');
const server = require('http').createServer();
server.on('upgrade', (request, tcp, head) => {
  const wanted = new URL(request.url, 'http://localhost').searchParams;
  const bits = name => (wanted.has(name) ? Number(wanted.get(name)) : undefined);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: {
      threshold: 0,
      serverNoContextTakeover: wanted.has('serverNoContext') || undefined,
      clientNoContextTakeover: wanted.has('clientNoContext') || undefined,
      serverMaxWindowBits: bits('serverBits'),
      clientMaxWindowBits: bits('clientBits'),
    },
  });
  sockets.handleUpgrade(request, tcp, head, socket => {
    socket.on('error', failure => console.error(request.url, failure));
    socket.on('message', (data, isBinary) => {
      if (!isBinary && data.toString() === 'count') socket.send(tcp.bytesRead + ' ' + tcp.bytesWritten);
      else if (!isBinary && data.toString().startsWith('parts')) {
        socket.send(data.subarray(0, 3), { fin: false, binary: false });
        socket.send('', { fin: false });
        socket.send(data.subarray(3), { fin: true });
      } else socket.send(data, { binary: isBinary });
    });
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
