import type { SignalIds, SignalNameOf } from "../protocol/signal.ts";

/** Ids as a reader gets them: every one a string. */
type ReadIds<Ids> = Ids extends undefined ? never : { readonly [Key in keyof Ids]: string };

/** One declared signal as a handler gets it. */
export interface ReceivedSignal<Name, Ids> {
  readonly name: Name;
  /** One entry per merged change; `undefined` means "anything on this channel". */
  readonly ids: readonly ReadIds<Ids>[] | undefined;
  /** Id of the mutation behind it. */
  readonly origin: string | undefined;
}

/** Any declared signal of a channel; narrow it by `name`. */
export type SignalOf<Ref> = {
  [Name in SignalNameOf<Ref>]: ReceivedSignal<Name, SignalIds<Ref, Name>>;
}[SignalNameOf<Ref>];

/** Handlers for some of the signals a channel declares, as its reference's second type argument. */
export type SignalHandlers<Signals> = {
  readonly [Name in keyof Signals]?: (signal: ReceivedSignal<Name, Signals[Name]>) => void;
};
