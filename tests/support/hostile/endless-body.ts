import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface RawRequest {
  readonly port: number;
  readonly host?: string;
  readonly path?: string;
  readonly headers: readonly string[];
}

/** Opens a connection and sends the headers of a POST request. The caller destroys the socket. */
export async function openRequest({
  port,
  host = "127.0.0.1",
  path = "/",
  headers,
}: RawRequest): Promise<Socket> {
  const socket = connect(port, host).on("error", () => {});
  await once(socket, "connect");
  const head = [`POST ${path} HTTP/1.1`, `host: ${host}:${port}`, ...headers];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  return socket;
}

/** Sends chunks until the connection ends or `bytes` are sent. Resolves with the number of bytes sent. */
export async function flood(socket: Socket, bytes: number): Promise<number> {
  const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
  let sent = 0;
  const ended = new Promise((resolve) => socket.once("close", resolve));
  while (sent < bytes && socket.writable) {
    sent += 65_536;
    if (!socket.write(chunk)) {
      await Promise.race([new Promise((resolve) => socket.once("drain", resolve)), ended]);
    }
  }
  return sent;
}
