"use server";

import { type ActionResult, toActionResult } from "@/lib/action-result.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { banChannel } from "./ban-channel.ts";
import { liftChannelBan } from "./lift-channel-ban.ts";
import {
  type BanChannelInput,
  banChannelInput,
  type LiftChannelBanInput,
  liftChannelBanInput,
  type SetChannelInput,
  type SetPhaseInput,
  setChannelInput,
  setPhaseInput,
} from "./schema.ts";
import { setChannel } from "./set-channel.ts";
import { setPhase } from "./set-phase.ts";

export async function setPhaseAction(input: SetPhaseInput): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = setPhaseInput.parse(input);
    await writeAsViewer((ctx) => setPhase(ctx, parsed));
  });
}

export async function setChannelAction(input: SetChannelInput): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = setChannelInput.parse(input);
    await writeAsViewer((ctx) => setChannel(ctx, parsed));
  });
}

export async function banChannelAction(input: BanChannelInput): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = banChannelInput.parse(input);
    await writeAsViewer((ctx) => banChannel(ctx, parsed));
  });
}

export async function liftChannelBanAction(
  input: LiftChannelBanInput,
): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = liftChannelBanInput.parse(input);
    await writeAsViewer((ctx) => liftChannelBan(ctx, parsed));
  });
}
