import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves the HTTP API of a broker below a path, as a proxy in front of it does. Other paths are answered with 404. */
export async function serveBelow(path: string, brokerPort: number) {
  const server = createServer((request, response) => {
    const { url = "", method, headers } = request;
    if (!url.startsWith(`${path}/`)) return void response.writeHead(404).end();
    const passed = send(
      { host: "127.0.0.1", port: brokerPort, path: url.slice(path.length), method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    passed.on("error", () => response.writeHead(502).end());
    request.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => void server.close(),
  };
}
