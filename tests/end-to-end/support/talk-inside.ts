// A WebSocket as a browser opens it, by way of an ingress: `node talk-inside.ts HOST WORD`, in the network that the ingress is in.
// Prints what came back once the other side has closed.
import { connect } from 'node:tls';

const [host = '', word = ''] = process.argv.slice(2);
const upgrade = [
  ...['GET /talk HTTP/1.1', `Host: ${host}`, 'Connection: Upgrade', 'Upgrade: websocket'],
  ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', ''],
].join('\r\n');
let said = '';
let greeted = false;
const socket = connect({ host: '127.0.0.1', port: 443, servername: host, rejectUnauthorized: false });
socket.setEncoding('utf8');
socket.setTimeout(10_000, () => socket.destroy());
socket.on('secureConnect', () => socket.write(upgrade));
socket.on('data', (text: string) => {
  said += text;
  if (greeted || !said.includes('\r\n\r\n')) return;
  greeted = true;
  socket.write(`${word}\n`);
});
socket.on('error', (error) => process.stderr.write(`${error.message}\n`));
socket.on('close', () => process.stdout.write(said));
