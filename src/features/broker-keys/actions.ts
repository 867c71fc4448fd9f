"use server";

import { type ActionResult, toActionResult } from "@/lib/action-result.ts";
import { appKeeper } from "@/wiring/broker.ts";
import { readAsViewer, writeAsViewer } from "@/wiring/context.ts";
import { acceptApp } from "./accept-app.ts";
import { addApp } from "./add-app.ts";
import { checkApp } from "./check-app.ts";
import type { KeysContext } from "./keeper.ts";
import { makeCurrent } from "./make-current.ts";
import { retireApp } from "./retire-app.ts";
import { type AddAppInput, type AppInput, addAppInput, appInput } from "./schema.ts";

export async function addAppAction(input: AddAppInput): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = addAppInput.parse(input);
    await writeAsViewer((ctx) => addApp({ ...ctx, ...appKeeper() }, parsed));
  });
}

/** Publishes a test event as this app; nothing is changed. */
export async function checkAppAction(input: AppInput): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = appInput.parse(input);
    await readAsViewer(async ({ viewer }) => checkApp({ viewer, ...appKeeper() }, parsed));
  });
}

export async function makeCurrentAction(input: AppInput): Promise<ActionResult<void>> {
  return change(makeCurrent, input);
}

export async function acceptAppAction(input: AppInput): Promise<ActionResult<void>> {
  return change(acceptApp, input);
}

export async function retireAppAction(input: AppInput): Promise<ActionResult<void>> {
  return change(retireApp, input);
}

type Verb = (ctx: KeysContext, input: AppInput) => Promise<void>;

function change(verb: Verb, input: AppInput): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = appInput.parse(input);
    await writeAsViewer((ctx) => verb({ ...ctx, ...appKeeper() }, parsed));
  });
}
