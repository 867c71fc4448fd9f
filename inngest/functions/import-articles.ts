import { finishImport } from "@/features/imports/finish-import.ts";
import { importFile, refuseFile } from "@/features/imports/import-file.ts";
import { findImport, listOpenFiles } from "@/features/imports/open-files.ts";
import { withCorrelation } from "@/lib/http/correlation.ts";
import { runJob, runJobAs } from "@/wiring/context.ts";
import { importRequested, inngest } from "../client.ts";

/** Makes a draft of each file, one step per file. A file that fails for good does not stop the others. */
export const importArticles = inngest.createFunction(
  { id: "import-articles", retries: 4, triggers: [importRequested] },
  async ({ event, runId, step }) => {
    const { importId, correlation = runId } = event.data;
    const run = <Result>(work: () => Promise<Result>) => withCorrelation(correlation, work);
    const ownerId = await step.run("find", () =>
      run(() => runJob((ctx) => findImport(ctx, importId))),
    );
    const files = await step.run("list", () =>
      run(() => runJobAs(ownerId, (ctx) => listOpenFiles(ctx, importId))),
    );
    for (const file of files) {
      try {
        await step.run(`import ${file}`, () =>
          run(() => runJobAs(ownerId, (ctx) => importFile(ctx, file))),
        );
      } catch {
        await step.run(`refuse ${file}`, () =>
          run(() => runJobAs(ownerId, (ctx) => refuseFile(ctx, file))),
        );
      }
    }
    await step.run("finish", () =>
      run(() => runJobAs(ownerId, (ctx) => finishImport(ctx, importId))),
    );
  },
);
