// A Node server of HTTP and WebSockets on one port, as the ws package documents it.
const http = require('http');
const { WebSocketServer } = require('ws');

const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    response.setHeader('Content-Type', 'application/json');
    response.end(
      JSON.stringify({
        version: request.httpVersion,
        method: request.method,
        upgrade: 'upgrade' in request.headers,
        body: JSON.parse(Buffer.concat(parts).toString()),
      }),
    );
  });
});
new WebSocketServer({ server }).on('connection', (socket) => socket.send('hello'));
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
