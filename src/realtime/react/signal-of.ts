import type { SignalIds, SignalNameOf } from "../protocol/signal.ts";

/** Ids as strings, as a reader gets them. */
type ReadIds<Ids> = Ids extends undefined ? never : { readonly [Key in keyof Ids]: string };

/** A declared signal as a handler gets it. */
export interface ReceivedSignal<Name, Ids> {
  readonly name: Name;
  /** One entry per merged change. Undefined: anything on this channel may have changed. */
  readonly ids: readonly ReadIds<Ids>[] | undefined;
  /** Published origin of the mutation that caused it. */
  readonly origin: string | undefined;
}

/** Union of the declared signals of a channel. Narrow it by `name`. */
export type SignalOf<Ref> = {
  [Name in SignalNameOf<Ref>]: ReceivedSignal<Name, SignalIds<Ref, Name>>;
}[SignalNameOf<Ref>];

/** Handlers by signal name, for some of a channel's signals. */
export type SignalHandlers<Signals> = {
  readonly [Name in keyof Signals]?: (signal: ReceivedSignal<Name, Signals[Name]>) => void;
};
