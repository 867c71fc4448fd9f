/**
 * Lets menus and dialogs write the one style that keeps the page behind them from scrolling: what they
 * are made of (`get-nonce`) looks for the nonce of the page under this name.
 */
export function shareStyleNonce(): void {
  const { nonce } = document.querySelector<HTMLScriptElement>("script[nonce]") ?? {};
  if (nonce) Object.assign(globalThis, { __webpack_nonce__: nonce });
}
