/**
 * Constructed style sheet of a shadow root: styles of the page and the panel do not affect each other, and
 * the content security policy need not allow inline styles. `color-scheme` is inherited, so that the panel
 * follows the page.
 */
export const styles = `
:host {
  all: initial;
  color-scheme: inherit;
  --paper: light-dark(#fcfcfa, #16181d);
  --sunk: light-dark(#f1f1ee, #1f2229);
  --ink: light-dark(#1b1e27, #e9e9e5);
  --soft: light-dark(#535869, #a9adb8);
  --rule: light-dark(#d5d5d0, #373b45);
  --good: light-dark(#17703c, #6fd08c);
  --busy: light-dark(#8a5a00, #e6b455);
  --bad: light-dark(#b3261e, #ff8f80);
  --focus: light-dark(#0b57d0, #9ec1ff);
  font: 13px/1.45 ui-sans-serif, system-ui, sans-serif;
  color: var(--ink);
}
* { box-sizing: border-box; }
button {
  font: inherit; color: inherit; background: var(--paper); cursor: pointer;
  border: 1px solid var(--rule); border-radius: 4px; padding: 3px 9px; min-height: 28px;
}
button:hover { background: var(--sunk); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
.toggle {
  position: fixed; z-index: 2147483000; right: 12px; bottom: 12px;
  display: inline-flex; gap: 7px; align-items: center; border-radius: 999px; padding: 5px 12px;
}
.dot { width: 9px; height: 9px; border-radius: 50%; background: var(--soft); flex: none; }
.dot.live { background: var(--good); }
.dot.connecting, .dot.catching-up { background: var(--busy); }
.dot.degraded, .dot.partly-live { background: var(--bad); }
:host { --height: min(46vh, 460px); }
.room { height: var(--height); }
.panel {
  position: fixed; z-index: 2147483000; inset: auto 0 0 0; height: var(--height);
  display: flex; flex-direction: column; background: var(--paper); border-top: 1px solid var(--rule);
}
header {
  display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: center;
  padding: 7px 12px; border-bottom: 1px solid var(--rule); background: var(--sunk);
}
h2 { font-size: 13px; margin: 0; }
header .state { display: inline-flex; gap: 6px; align-items: center; }
header .actions { margin-left: auto; display: flex; gap: 6px; }
.columns { flex: 1; min-height: 0; display: grid; grid-template-columns: 3fr 4fr 5fr; }
.columns > section { min-width: 0; overflow: auto; padding: 8px 12px; }
.columns > section + section { border-left: 1px solid var(--rule); }
h3 {
  margin: 0 0 6px; font-size: 12px; font-weight: 600; color: var(--soft);
}
ul, ol, dl { list-style: none; margin: 0; padding: 0; }
li { padding: 4px 0; overflow-wrap: anywhere; }
li + li { border-top: 1px solid var(--rule); }
code, time { font: 12px/1.45 ui-monospace, Menlo, Consolas, monospace; }
time, .soft { color: var(--soft); }
.bad { color: var(--bad); }
p { margin: 0; }
@media (max-width: 720px) {
  :host { --height: 60vh; }
  .columns { display: block; overflow: auto; }
  .columns > section { overflow: visible; }
  .columns > section + section { border-left: 0; border-top: 1px solid var(--rule); }
}
@media (prefers-reduced-motion: no-preference) {
  .toggle { transition: background 120ms; }
}
`;
