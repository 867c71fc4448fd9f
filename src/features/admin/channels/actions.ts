"use server";

import { findPerson } from "@/db/rows/find-person.ts";
import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { previewChange } from "@/wiring/realtime/access/preview-change.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { banChannel } from "./ban-channel.ts";
import { liftChannelBan } from "./lift-channel-ban.ts";
import {
  type BanChannelInput,
  banChannelInput,
  type ChangePreview,
  type LiftChannelBanInput,
  liftChannelBanInput,
  type SetChannelInput,
  type SetPhaseInput,
  setChannelInput,
  setPhaseInput,
} from "./schema.ts";
import { setChannel } from "./set-channel.ts";
import { setPhase } from "./set-phase.ts";
import { toPreview } from "./to-preview.ts";

export async function setPhaseAction(
  stamp: PageStamp,
  input: SetPhaseInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = setPhaseInput.parse(input);
    await writeAsViewer((ctx) => setPhase(ctx, parsed));
  });
}

export async function setChannelAction(
  stamp: PageStamp,
  input: SetChannelInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = setChannelInput.parse(input);
    await writeAsViewer((ctx) => setChannel(ctx, parsed));
  });
}

/** Previews which current subscribers lose live updates by a change of a phase. Nothing is saved. */
export async function previewPhaseAction(
  stamp: PageStamp,
  input: SetPhaseInput,
): Promise<ActionResult<ChangePreview>> {
  return runAction(stamp, async () => {
    const { phase, stage } = setPhaseInput.parse(input);
    return toPreview(await previewChange({ phases: { [phase]: stage } }));
  });
}

/** The same for a kind, with its audience. Invalid input is refused here already. */
export async function previewChannelAction(
  stamp: PageStamp,
  input: SetChannelInput,
): Promise<ActionResult<ChangePreview>> {
  return runAction(stamp, async () => {
    const { kind, stage, audience } = setChannelInput.parse(input);
    const change = { kinds: { [kind]: stage }, audiences: { [kind]: audience } };
    return toPreview(await previewChange(change));
  });
}

export async function banChannelAction(
  stamp: PageStamp,
  input: BanChannelInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = banChannelInput.parse(input);
    await writeAsViewer(async (ctx) => {
      const { person, channel, reason } = parsed;
      const userId = person === null ? null : await findPerson(ctx.tx, person);
      await banChannel(ctx, { userId, channel, reason });
    });
  });
}

export async function liftChannelBanAction(
  stamp: PageStamp,
  input: LiftChannelBanInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = liftChannelBanInput.parse(input);
    await writeAsViewer((ctx) => liftChannelBan(ctx, parsed));
  });
}
