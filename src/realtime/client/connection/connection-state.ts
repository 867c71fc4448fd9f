import { createListeners, type OnListenerError } from "../listeners.ts";
import { type RealtimeState, type StateEvent, transition } from "./state.ts";

export interface ConnectionStateOptions {
  readonly isPossible: boolean;
  /** Called after every event, also when the state has not changed. */
  onEvent(): void;
  readonly onListenerError: OnListenerError;
}

/** Holds the state of the connection. */
export interface ConnectionState {
  get(): RealtimeState;
  dispatch(event: StateEvent): void;
  onChange(listener: () => void): () => void;
}

export function createConnectionState(options: ConnectionStateOptions): ConnectionState {
  const listeners = createListeners<() => void>(options.onListenerError);
  let state: RealtimeState = {
    status: "offline",
    reason: options.isPossible ? "idle" : "no-transport",
    lastCaughtUpAt: undefined,
  };
  return {
    get: () => state,
    onChange: listeners.add,
    dispatch: (event) => {
      const next = transition(state, event);
      if (next !== state) {
        state = next;
        listeners.each((listener) => listener());
      }
      options.onEvent();
    },
  };
}
