"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { ingestFile } from "./ingest/ingest-file.ts";
import { recordObservation } from "./ingest/record-observation.ts";
import { type FileInput, fileInput, type RecordInput, recordInput } from "./schema.ts";

/** @returns the number of the observation */
export async function recordObservationAction(
  stamp: PageStamp,
  input: RecordInput,
  origin?: string,
): Promise<ActionResult<number>> {
  return runAction(stamp, async () => {
    const { observation, ...rest } = input;
    // The fields of the observation are those of the form, so their messages are not below `observation`.
    const parsed = {
      ...recordInput.omit({ observation: true }).parse(rest),
      observation: recordInput.shape.observation.parse(observation),
    };
    return writeAsViewer(
      (ctx) => recordObservation({ ...ctx, keys: evidenceKeys() }, parsed),
      origin,
    );
  });
}

/** @returns the numbers of the observations */
export async function ingestFileAction(
  stamp: PageStamp,
  input: FileInput,
  origin?: string,
): Promise<ActionResult<readonly number[]>> {
  return runAction(stamp, async () => {
    const parsed = fileInput.parse(input);
    return writeAsViewer((ctx) => ingestFile({ ...ctx, keys: evidenceKeys() }, parsed), origin);
  });
}
