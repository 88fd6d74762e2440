import { createServer, connect, type Server, type Socket } from 'node:net';

/** Stands between client and server; lets answers through, but of the next ones only the first bytes. */
export class BreakingProxy implements AsyncDisposable {
  /** The next so many large answers stall. */
  stalls = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(port: number, letThrough: number) {
    this.#server = createServer((client) => {
      const upstream = connect(port, '127.0.0.1');
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => (client.destroy(), upstream.destroy(), this.#sockets.delete(socket)));
      }
      let passed = 0;
      client.on('data', (bytes: Buffer) => {
        passed = 0; // a connection is used for one request after the other
        upstream.write(bytes);
      });
      upstream.on('data', (bytes: Buffer) => {
        if (this.stalls > 0 && passed + bytes.byteLength > letThrough) {
          this.stalls -= 1;
          client.write(bytes.subarray(0, letThrough - passed));
          upstream.removeAllListeners('data');
          upstream.pause();
          return;
        }
        passed += bytes.byteLength;
        client.write(bytes);
      });
    });
  }

  static async start(endpoint: string, letThrough: number): Promise<BreakingProxy> {
    const proxy = new BreakingProxy(Number(new URL(endpoint).port), letThrough);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get endpoint(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
