/** Receives what a listener threw. */
export type OnListenerError = (error: unknown) => void;

/** A set of callbacks. */
export interface Listeners<Listener> {
  /** Returns a function that removes the listener. */
  add(listener: Listener): () => void;
  /** See {@link callEach}. */
  each(call: (listener: Listener) => void): void;
}

export function createListeners<Listener>(onError: OnListenerError): Listeners<Listener> {
  const listeners = new Set<Listener>();
  return {
    add: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    each: (call) => callEach(listeners, call, onError),
  };
}

/** Calls each listener. One that throws does not stop the others. */
export function callEach<Listener>(
  listeners: Iterable<Listener>,
  call: (listener: Listener) => void,
  onError: OnListenerError,
): void {
  for (const listener of [...listeners]) {
    try {
      call(listener);
    } catch (error) {
      onError(error);
    }
  }
}
