import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { LongFilesFirst } from "./tests/support/runner/long-files-first.ts";

const setUp = ["tests/support/runner/quiet-console.ts", "tests/support/runner/patient-waits.ts"];
const here = (path: string) => new URL(path, import.meta.url).pathname;

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^querycast$/, replacement: here("src/realtime/index.ts") },
      { find: /^querycast\/(.+)$/, replacement: `${here("src/realtime")}/$1.ts` },
      { find: /^@\/(.+)$/, replacement: `${here("src")}/$1` },
    ],
  },
  test: {
    // More test files in parallel than processors, as many of them wait.
    maxWorkers: 4,
    sequence: { sequencer: LongFilesFirst },
    restoreMocks: true,
    expect: { poll: { timeout: 15_000 } }, // as in tests/support/runner/patient-waits.ts
    unstubEnvs: true,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          isolate: false, // files share a process, which halves what starting them costs
          unstubGlobals: true, // or the next file has them
          include: ["src/**/*.test.ts", "scripts/**/*.test.ts", "tests/soak/**/*.test.ts"],
          setupFiles: setUp,
          testTimeout: 30_000, // properties run thousands of cases
        },
      },
      {
        extends: true,
        test: {
          name: "dom",
          isolate: false,
          unstubGlobals: true,
          include: ["src/**/*.test.tsx"],
          environment: "jsdom",
          setupFiles: setUp,
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "types",
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ["src/**/*.test-d.ts"],
            tsconfig: "tsconfig.types.json",
            ignoreSourceErrors: true, // `npm run types` checks the sources
          },
        },
      },
      {
        extends: true,
        test: { name: "law", include: ["tests/law/**/*.test.ts"], testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["tests/integration/**/*.test.{ts,tsx}"],
          globalSetup: ["tests/support/runner/global-setup.ts"],
          setupFiles: [
            "tests/support/runner/leave-nothing.ts",
            ...setUp,
            "tests/support/runner/web-socket.ts",
          ],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
