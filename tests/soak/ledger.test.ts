import { expect, test } from "vitest";
import { createLedger } from "./ledger.ts";

const gist = "resource.gist.g1";
const about = (commentId: string) => ({ v: 1, id: "s1", ids: [{ commentId }] });

/** A ledger whose clock moves with everything that is told to it. */
function setUp() {
  let timeMs = 0;
  const ledger = createLedger(() => {
    timeMs += 1;
    return timeMs;
  });
  const write = (commentId: string) => {
    ledger.begin(commentId, gist);
    ledger.committing(commentId);
    ledger.committed(commentId);
  };
  return { ledger, write };
}

test("I2 a signal for what was rolled back is noticed, and one before its commit", () => {
  const { ledger } = setUp();
  ledger.begin("c1", gist);
  ledger.heard("ann", gist, about("c1"));
  ledger.rolledBack("c1");
  ledger.heard("ann", gist, JSON.stringify(about("c1")));
  expect(ledger.violations()).toEqual([
    expect.stringContaining("I2 a row before its commit"),
    expect.stringContaining("I2 a row that was rolled back"),
  ]);
});

test("I3 a signal for what was written while it was closed is noticed, unless its owner hears it", () => {
  const { ledger, write } = setUp();
  write("before");
  ledger.closed(gist, "owner");
  write("within");
  ledger.heard("owner", gist, about("within"));
  ledger.heard("ann", gist, about("before"));
  expect(ledger.violations()).toEqual([]);
  ledger.heard("ann", gist, about("within"));
  expect(ledger.violations()).toEqual([expect.stringContaining("I3 a row they could not read")]);
});

test("what was written while it was closed may be heard once it is open again", () => {
  const { ledger, write } = setUp();
  ledger.closed(gist, "owner");
  write("within");
  ledger.opening(gist);
  ledger.heard("ann", gist, about("within"));
  expect(ledger.violations()).toEqual([]);
});

test("I3 somebody else's own channel is nobody's to hear", () => {
  const { ledger } = setUp();
  ledger.heard("ann", "user.ann", { v: 1, id: "s1" });
  ledger.heard("ann", "user.ben", { v: 1, id: "s2" });
  expect(ledger.violations()).toHaveLength(1);
});
