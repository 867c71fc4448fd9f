import { createServer } from "node:http";
import { LOOPBACK } from "../../scripts/parts/ports.ts";

/** A part that tests stop and start. */
export interface Switch {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Stops and starts parts of the site for tests in another process: `POST /<part>/stop` and
 * `POST /<part>/start`, answered when done.
 */
export async function createSwitchboard(
  switches: Readonly<Record<string, Switch>>,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    const [, part = "", turn = ""] = (request.url ?? "").split("/");
    const found = switches[part];
    if (!found || (turn !== "start" && turn !== "stop")) {
      response.writeHead(404).end();
      return;
    }
    try {
      await found[turn]();
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://${LOOPBACK}:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
