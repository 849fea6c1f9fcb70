// SPDX-License-Identifier: Apache-2.0
// Echoes with Node's ws; says its port. Arguments, for TLS: certificates, key. Ends with its input.
const { WebSocketServer } = require('ws');
const fs = require('fs');
const [chain, key] = process.argv.slice(2);
const server = chain
  ? require('https').createServer({ cert: fs.readFileSync(chain), key: fs.readFileSync(key) })
  : require('http').createServer();
const sockets = new WebSocketServer({ server, handleProtocols: offered => (offered.has('chat.v1') ? 'chat.v1' : false) });
sockets.on('connection', socket => {
  socket.on('message', (data, isBinary) => {
    if (!isBinary && data.toString() === 'close') socket.close(4002, 'as you wish');
    else socket.send(data, { binary: isBinary });
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
