import type { Contract } from "../protocol/channel.ts";
import type { CatchUpResult, ErrorCode, JoinResult } from "../protocol/messages.ts";
import { knownChannels } from "./decide.ts";

/**
 * What the one route told somebody, for metrics and logs: decisions, and nothing that names a viewer, a
 * channel or a signature.
 */
export type RealtimeAnswer =
  /** One per channel, in the order asked. */
  | { readonly type: "join"; readonly results: readonly Answered<JoinResult["status"]>[] }
  | { readonly type: "catch-up"; readonly results: readonly Answered<CatchUpResult["status"]>[] }
  | { readonly type: "sign-in" }
  /** `behind`: how many of the `asked` channels have something that the client does not have. */
  | { readonly type: "positions"; readonly asked: number; readonly behind: number }
  | { readonly type: "rollout" }
  /** The request as a whole, whatever it asked for. */
  | { readonly type: "refused"; readonly code: ErrorCode };

export interface Answered<Status> {
  readonly status: Status;
  /** Of the contract; undefined where the name is of none. */
  readonly kind: string | undefined;
}

/** What may be told of results: their kinds come from the contract, so there are only so many. */
export function toAnswered<Status>(
  authority: { readonly contract: Contract },
  results: readonly { readonly channel: string; readonly status: Status }[],
): readonly Answered<Status>[] {
  return results.map(({ channel, status }) => {
    const [ref] = knownChannels(authority, [channel]);
    return { status, kind: ref?.kind };
  });
}

/** What a viewer was told about channels: for an audit log. Names people and channels; keep it from logs. */
export interface RealtimeDecision<V> {
  readonly viewer: V;
  readonly type: "join" | "catch-up";
  readonly results: readonly {
    /** As it was asked for: of a denied one, anything. */
    readonly channel: string;
    readonly status: JoinResult["status"] | CatchUpResult["status"];
  }[];
}
