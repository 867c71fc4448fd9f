"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { propose } from "./propose.ts";
import {
  type ProposeInput,
  proposeInput,
  type TakeStepInput,
  type TaskInput,
  takeStepInput,
  taskInput,
} from "./schema.ts";
import { takeStep } from "./take-step.ts";
import { takeTask } from "./take-task.ts";

export async function proposeAction(
  stamp: PageStamp,
  input: ProposeInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = proposeInput.parse(input);
    await writeAsViewer((ctx) => propose(ctx, parsed));
  });
}

export async function takeStepAction(
  stamp: PageStamp,
  input: TakeStepInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = takeStepInput.parse(input);
    await writeAsViewer((ctx) => takeStep(ctx, parsed), origin);
  });
}

export async function takeTaskAction(
  stamp: PageStamp,
  input: TaskInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = taskInput.parse(input);
    await writeAsViewer((ctx) => takeTask(ctx, parsed), origin);
  });
}
