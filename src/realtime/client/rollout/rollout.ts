import type { ChannelRef, Contract } from "../../protocol/channel.ts";
import { hasGrown, isLiveFor, type LiveFor } from "../../protocol/rollout.ts";
import type { ClientRollout } from "../realtime-client.ts";

/** What is on for the viewer. Without a rollout everything is. */
export interface Rollout {
  /** Channel on which changes are announced. It is always on. */
  readonly control: ChannelRef | undefined;
  /** Cursor of the control channel at the start. */
  readonly cursor: string | undefined;
  /** Whether one of these signals of the channel is on. `undefined`: any signal. */
  isOn(channel: ChannelRef, names: readonly string[] | undefined): boolean;
  /** Applies what is on from now on. Returns whether anything is on that was off. */
  apply(live: LiveFor): boolean;
}

export function createRollout(declared: Contract, given: ClientRollout | undefined): Rollout {
  const control = given?.control;
  let live = given?.live;
  return {
    control,
    cursor: given?.cursor,
    isOn: (ref, names) =>
      live === undefined || ref.name === control?.name || isLiveFor(declared, live, ref, names),
    apply: (next) => {
      const isMore = live !== undefined && hasGrown(live, next);
      live = live && next;
      return isMore;
    },
  };
}
