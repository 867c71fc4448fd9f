import { expect, test } from "vitest";
import { browserEnvironment } from "./environment.ts";

test("the browser environment reports network, visibility and the back/forward cache, until it is stopped", () => {
  let changes = 0;
  const stop = browserEnvironment.listen(() => {
    changes += 1;
  });
  const all = () => {
    for (const name of ["online", "offline", "pageshow"]) window.dispatchEvent(new Event(name));
    document.dispatchEvent(new Event("visibilitychange"));
  };
  all();
  expect(changes).toBe(4);
  stop();
  all();
  expect(changes).toBe(4);
  expect([browserEnvironment.isOnline(), browserEnvironment.isVisible()]).toEqual([true, true]);
});
