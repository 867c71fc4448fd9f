"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { readAsViewer, writeAsViewer } from "@/wiring/context.ts";
import { brokerAppServices } from "@/wiring/realtime/broker/broker.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { acceptApp } from "./accept-app.ts";
import { addApp } from "./add-app.ts";
import type { KeysContext } from "./broker-apps.ts";
import { checkApp } from "./check-app.ts";
import { makeCurrent } from "./make-current.ts";
import { retireApp } from "./retire-app.ts";
import { type AddAppInput, type AppInput, addAppInput, appInput } from "./schema.ts";

export async function addAppAction(
  stamp: PageStamp,
  input: AddAppInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = addAppInput.parse(input);
    await writeAsViewer((ctx) => addApp({ ...ctx, ...brokerAppServices() }, parsed));
  });
}

/** Publishes a test event as this app; nothing is changed. */
export async function checkAppAction(
  stamp: PageStamp,
  input: AppInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = appInput.parse(input);
    await readAsViewer(async ({ viewer }) => checkApp({ viewer, ...brokerAppServices() }, parsed));
  });
}

export async function makeCurrentAction(
  stamp: PageStamp,
  input: AppInput,
): Promise<ActionResult<void>> {
  return change(stamp, makeCurrent, input);
}

export async function acceptAppAction(
  stamp: PageStamp,
  input: AppInput,
): Promise<ActionResult<void>> {
  return change(stamp, acceptApp, input);
}

export async function retireAppAction(
  stamp: PageStamp,
  input: AppInput,
): Promise<ActionResult<void>> {
  return change(stamp, retireApp, input);
}

type Action = (ctx: KeysContext, input: AppInput) => Promise<void>;

function change(stamp: PageStamp, action: Action, input: AppInput): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = appInput.parse(input);
    await writeAsViewer((ctx) => action({ ...ctx, ...brokerAppServices() }, parsed));
  });
}
