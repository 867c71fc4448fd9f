import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answers, freePort, LOOPBACK } from "../../../scripts/parts/ports.ts";
import { endProcess } from "../../../scripts/parts/processes.ts";
import { type RunningSoketi, startSoketi } from "../../../scripts/parts/soketi/soketi.ts";
import type { SoketiConfig } from "../../../scripts/parts/soketi/soketi-config.ts";
import { until } from "../../../scripts/parts/until.ts";
import type { SoketiConnection } from "./soketi.ts";

export const redisPath = "/usr/bin/redis-server";
export const hasRedis = existsSync(redisPath);

/** Two Soketi nodes on one Redis behind one address, as in docker-compose.yml. */
export interface SoketiCluster extends SoketiConnection {
  readonly nodes: readonly [RunningSoketi, RunningSoketi];
  /** Routes new connections to this node while it answers, else to the other one. */
  prefer(node: 0 | 1): void;
  /** Closes every connection and accepts no new one until `admit`. */
  refuse(): void;
  admit(): void;
  close(): Promise<void>;
}

export async function startSoketiCluster(): Promise<SoketiCluster> {
  const folder = await mkdtemp(join(tmpdir(), "querycast-cluster-"));
  const redisPort = await freePort();
  const redis = spawn(
    redisPath,
    ["--port", String(redisPort), "--bind", LOOPBACK, "--save", "", "--appendonly", "no"],
    { cwd: folder, stdio: "ignore" },
  );
  if (!(await until(() => answers(redisPort), { timeoutMs: 10_000 }))) {
    throw new Error(`Redis does not answer on port ${redisPort}.`);
  }

  const configure = (config: SoketiConfig) => ({
    ...config,
    "adapter.driver": "redis",
    "database.redis.host": LOOPBACK,
    "database.redis.port": redisPort,
  });
  const nodes = [await startSoketi({ configure }), await startSoketi({ configure })] as const;

  let preferred: 0 | 1 = 0;
  const balancer = await startBalancer(() =>
    [nodes[preferred], nodes[preferred === 0 ? 1 : 0]].map(({ port }) => port),
  );
  const { appId, key, secret } = nodes[0];
  return {
    nodes,
    host: LOOPBACK,
    port: balancer.port,
    appId,
    key,
    secret,
    prefer: (node) => {
      preferred = node;
    },
    refuse: balancer.refuse,
    admit: balancer.admit,
    close: async () => {
      await balancer.close();
      await Promise.all(nodes.map((node) => node.stop()));
      if (redis.pid !== undefined) await endProcess(redis.pid);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Forwards each connection to the first port of the list that answers. */
async function startBalancer(ports: () => readonly number[]) {
  const sockets = new Set<Socket>();
  let isRefusing = false;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    if (isRefusing) return client.destroy();
    keep(client);
    const attempt = ([port, ...others]: readonly number[]) => {
      if (port === undefined) return client.destroy();
      const node = connect({ port, host: LOOPBACK });
      keep(node);
      node.once("error", () => attempt(others));
      node.once("connect", () => {
        client.pipe(node).pipe(client);
        node.on("close", () => client.destroy());
        client.on("close", () => node.destroy());
      });
    };
    attempt(ports());
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, LOOPBACK, resolve));
  return {
    port,
    refuse: () => {
      isRefusing = true;
      cut();
    },
    admit: () => {
      isRefusing = false;
    },
    close: () => {
      cut();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
