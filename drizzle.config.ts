import { defineConfig } from "drizzle-kit";

/** Generates migrations only. They are applied by `src/db/migrate.ts`, never pushed. */
export default defineConfig({
  dialect: "postgresql",
  schema: "./src/db/schema.ts",
  out: "./src/db/migrations",
});
