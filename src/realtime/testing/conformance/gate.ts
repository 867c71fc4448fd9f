/** While it is closed, `pass` does not resolve. */
export interface Gate {
  pass(): Promise<void>;
  close(): void;
  open(): void;
}

export function createGate(): Gate {
  let opened = Promise.resolve();
  let open = () => {};
  return {
    pass: () => opened,
    close: () => {
      opened = new Promise((resolve) => {
        open = resolve;
      });
    },
    open: () => open(),
  };
}
