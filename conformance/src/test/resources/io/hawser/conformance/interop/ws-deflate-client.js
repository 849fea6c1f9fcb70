// SPDX-License-Identifier: Apache-2.0
// Talks to an echo with Node's ws, compressed in many ways one after the other; says of each what was agreed on. Arguments: URL, largest size,
// and for each way JSON: {query, serverNoContext, clientNoContext, serverBits, clientBits}.
const WebSocket = require('ws');
const assert = require('assert');
const { randomBytes } = require('crypto');
const { once } = require('events');
const [url, largest, ...ways] = process.argv.slice(2);

function json(size) {
  let text = '[';
  for (let i = 0; text.length < size; i++) text += `{"id":${i},"name":"item ${i % 10}","price":${(i * 37) % 1000}},`;
  return text.slice(0, size);
}

async function echo(socket, message, parts) {
  const answer = once(socket, 'message');
  (parts || [message]).forEach((part, i, all) => socket.send(part, { fin: i === all.length - 1 }));
  const [data, isBinary] = await answer;
  assert.strictEqual(isBinary, typeof message !== 'string');
  assert.ok(Buffer.from(message).equals(data), 'an echo of ' + message.length);
}

async function talk(way) {
  const socket = new WebSocket(url + way.query, {
    perMessageDeflate: {
      threshold: 0,
      serverNoContextTakeover: way.serverNoContext,
      clientNoContextTakeover: way.clientNoContext,
      serverMaxWindowBits: way.serverBits,
      clientMaxWindowBits: way.clientBits,
    },
  });
  const upgrade = once(socket, 'upgrade');
  const opened = once(socket, 'open');
  const [response] = await upgrade;
  await opened;
  const sizes = [1, 125, 126, 1 << 10, 1 << 16, 1 << 20, 1 << 24].filter(size => size <= largest);
  for (const size of sizes) {
    for (const message of [json(size), randomBytes(size), Buffer.alloc(size), json(size)]) await echo(socket, message);
  }
  const { bytesRead, bytesWritten } = socket._socket;
  for (let i = 0; i < 10; i++) await echo(socket, json(2000 + i));
  const read = socket._socket.bytesRead - bytesRead;
  const written = socket._socket.bytesWritten - bytesWritten;
  await echo(socket, 'in some parts', ['in ', '', 'some ', 'parts']);
  await echo(socket, json(5000), [json(5000).slice(0, 1), json(5000).slice(1, 4000), json(5000).slice(4000)]);
  socket.close(1000);
  await once(socket, 'close');
  console.log([response.headers['sec-websocket-extensions'], read, written].join('|'));
}

(async () => {
  for (const way of ways) {
    try {
      await talk(JSON.parse(way));
    } catch (failure) {
      console.log(way + ': ' + failure.stack);
      process.exit(1);
    }
  }
})();
