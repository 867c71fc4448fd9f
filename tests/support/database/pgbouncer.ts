import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { freePort } from "../../../scripts/parts/ports.ts";
import { bareEnv, endProcess } from "../../../scripts/parts/processes.ts";

export interface PgBouncer {
  /** The same URL through the pooler. */
  through(databaseUrl: string): string;
  readonly close: () => Promise<void>;
}

/**
 * A real PgBouncer in front of a Postgres, with its defaults except for the pool mode. It refuses settings in
 * the startup packet. From version 1.21 on it supports prepared statements across backends.
 */
export async function startPgBouncer(
  databaseUrl: string,
  mode: "transaction" | "session",
  poolSize = 5,
): Promise<PgBouncer> {
  const target = new URL(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), "querycast-pgbouncer-"));
  await chmod(folder, 0o755); // it runs as another user than root
  const port = await freePort();
  const users = join(folder, "users.txt");
  await writeFile(users, `"${target.username}" "${decodeURIComponent(target.password)}"\n`);
  const settings = join(folder, "pgbouncer.ini");
  await writeFile(
    settings,
    `[databases]
* = host=${target.hostname} port=${target.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = ${mode}
default_pool_size = ${poolSize}
`,
  );
  const asRoot = process.getuid?.() === 0 ? ["-u", "postgres"] : [];
  const child = spawn("pgbouncer", [...asRoot, settings], {
    // Debian installs it in a folder that is not on the path of other accounts.
    env: bareEnv({ PATH: "/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin" }),
    stdio: "ignore",
    cwd: "/",
  });
  await once(child, "spawn");
  await vi.waitFor(
    async () => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect").finally(() => socket.destroy());
    },
    { timeout: 15_000 },
  );
  return {
    through: (url) => {
      const address = new URL(url);
      address.host = `127.0.0.1:${port}`;
      return address.href;
    },
    close: async () => {
      await endProcess(child.pid as number, ["SIGINT", "SIGKILL"], 5_000);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
