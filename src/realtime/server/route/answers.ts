import type { Contract } from "../../protocol/channel.ts";
import type { CatchUpResult, ErrorCode, JoinResult } from "../../protocol/messages.ts";
import { knownChannels } from "./decide.ts";

/**
 * The outcome of one request to the route, for metrics and logs. Contains no viewer, channel name or
 * signature, so its values have a bounded cardinality.
 */
export type RealtimeAnswer =
  /** One result per channel, in the order of the request. */
  | { readonly type: "join"; readonly results: readonly Answered<JoinResult["status"]>[] }
  | { readonly type: "catch-up"; readonly results: readonly Answered<CatchUpResult["status"]>[] }
  | { readonly type: "sign-in" }
  /** `behind`: how many of the `asked` channels have signals that the client has not received. */
  | { readonly type: "positions"; readonly asked: number; readonly behind: number }
  | { readonly type: "rollout" }
  /** The whole request was refused. */
  | { readonly type: "refused"; readonly code: ErrorCode };

/** The outcome for one channel of a request. */
export interface Answered<Status> {
  readonly status: Status;
  /** Channel kind in the contract; undefined for a name outside the contract. */
  readonly kind: string | undefined;
}

/** Replaces channel names by their kinds, of which the contract has a fixed number. */
export function toAnswered<Status>(
  authority: { readonly contract: Contract },
  results: readonly { readonly channel: string; readonly status: Status }[],
): readonly Answered<Status>[] {
  return results.map(({ channel, status }) => {
    const [ref] = knownChannels(authority, [channel]);
    return { status, kind: ref?.kind };
  });
}

/** The decision about each channel of a request, for an audit log. Names viewers and channels: do not log it. */
export interface RealtimeDecision<V> {
  readonly viewer: V;
  readonly type: "join" | "catch-up";
  readonly results: readonly {
    /** As the client sent it: an unvalidated string when the status is `invalid`. */
    readonly channel: string;
    readonly status: JoinResult["status"] | CatchUpResult["status"];
  }[];
}
