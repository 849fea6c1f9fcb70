// SPDX-License-Identifier: Apache-2.0
// Talks to an echo with Node's ws; says "all well" or fails. Arguments: URL, and for TLS whom to trust.
const WebSocket = require('ws');
const fs = require('fs');
const assert = require('assert');
const [url, authority] = process.argv.slice(2);
const socket = new WebSocket(url, ['chat.v2', 'chat.v1'], { ca: authority && fs.readFileSync(authority) });
const messages = [0, 1, 125, 126, 65535, 65536, 1 << 20].flatMap(size => ['x'.repeat(size), Buffer.alloc(size, 7)]);
let next = 0;
socket.on('open', () => {
  assert.strictEqual(socket.protocol, 'chat.v1');
  socket.ping('are you there?');
});
socket.on('pong', payload => {
  assert.strictEqual(payload.toString(), 'are you there?');
  messages.forEach(message => socket.send(message));
});
socket.on('message', (data, isBinary) => {
  const sent = messages[next++];
  assert.strictEqual(isBinary, typeof sent !== 'string');
  assert.ok(Buffer.from(sent).equals(data), 'message ' + next);
  if (next === messages.length) socket.close(4001, 'done');
});
socket.on('close', code => {
  assert.strictEqual(next, messages.length);
  assert.strictEqual(code, 4001);
  console.log('all well');
});
socket.on('error', failure => { throw failure; });
