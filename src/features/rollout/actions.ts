"use server";

import type { ActionResult } from "@/lib/action-result.ts";
import type { PageStamp } from "@/lib/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { previewChange } from "@/wiring/preview-change.ts";
import { runAction } from "@/wiring/run-action.ts";
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

/** What a change would do to those who listen now; nothing is saved. */
export async function previewPhaseAction(
  stamp: PageStamp,
  input: SetPhaseInput,
): Promise<ActionResult<ChangePreview>> {
  return runAction(stamp, async () => {
    const { phase, stage } = setPhaseInput.parse(input);
    return toPreview(await previewChange({ phases: { [phase]: stage } }));
  });
}

/** The same for a kind. Its options cut off nobody; what cannot be saved is said here already. */
export async function previewChannelAction(
  stamp: PageStamp,
  input: SetChannelInput,
): Promise<ActionResult<ChangePreview>> {
  return runAction(stamp, async () => {
    const { kind, stage } = setChannelInput.parse(input);
    return toPreview(await previewChange({ kinds: { [kind]: stage } }));
  });
}

const toPreview = ({ removed, kinds }: Awaited<ReturnType<typeof previewChange>>) => ({
  removed,
  subscriptions: kinds.reduce((sum, { subscriptions }) => sum + subscriptions, 0),
  grows: kinds.some(({ grows }) => grows),
});

export async function banChannelAction(
  stamp: PageStamp,
  input: BanChannelInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = banChannelInput.parse(input);
    await writeAsViewer((ctx) => banChannel(ctx, parsed));
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
