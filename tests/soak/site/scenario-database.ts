import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { migrate } from "@/db/migrate.ts";
import { startPostgres } from "../../../scripts/parts/postgres/postgres.ts";

export interface ScenarioDatabase {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly close: () => Promise<void>;
}

/** Starts a separate Postgres and creates migrated, empty databases in it. */
export async function startDatabases(): Promise<{
  readonly port: number;
  readonly create: (name: string) => Promise<ScenarioDatabase>;
  readonly stop: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), "querycast-soak-"));
  await chmod(folder, 0o755); // the server may run as another user
  const server = await startPostgres({ dataDir: join(folder, "postgres"), durable: false });
  const urlOf = (name: string) => Object.assign(new URL(server.ownerUrl), { pathname: name }).href;
  const admin = postgres(urlOf("postgres"), { max: 1, onnotice: () => {} });
  const stop = async () => {
    await admin.end({ timeout: 1 });
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await admin`create database template_soak`;
    await migrate(urlOf("template_soak"), { appUrl: asApplication(urlOf("template_soak")) });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port: server.port,
    stop,
    create: async (name) => {
      await admin`create database ${admin(name)} template template_soak`;
      return {
        ownerUrl: urlOf(name),
        appUrl: asApplication(urlOf(name)),
        close: async () => {
          await admin`drop database if exists ${admin(name)} with (force)`;
        },
      };
    },
  };
}

function asApplication(ownerUrl: string): string {
  return Object.assign(new URL(ownerUrl), { username: "inkwell_app", password: "inkwell_app" })
    .href;
}
