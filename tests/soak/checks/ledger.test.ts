import { expect, test } from "vitest";
import { createLedger } from "./ledger.ts";

const gist = "resource.gist.g1";
const about = (commentId: string) => ({ v: 1, id: "s1", ids: [{ commentId }] });

/** A ledger whose clock advances with each call. */
function setUp() {
  let timeMs = 0;
  const ledger = createLedger(() => {
    timeMs += 1;
    return timeMs;
  });
  const write = (id: string, channel = gist) => {
    ledger.begin(id, channel);
    ledger.committing(id);
    ledger.committed(id);
  };
  return { ledger, write };
}

test("I2 a signal before the commit of its row and a signal for a rolled-back row are reported", () => {
  const { ledger } = setUp();
  ledger.begin("c1", gist);
  ledger.received("ann", gist, about("c1"));
  ledger.rolledBack("c1");
  ledger.received("ann", gist, JSON.stringify(about("c1")));
  expect(ledger.violations()).toEqual([
    expect.stringContaining("I2 a row before its commit"),
    expect.stringContaining("I2 a row that was rolled back"),
  ]);
});

test("I3 a signal for a row of a private gist is reported unless the viewer is its owner", () => {
  const { ledger, write } = setUp();
  write("before");
  ledger.closed(gist, "owner");
  write("within");
  ledger.received("owner", gist, about("within"));
  ledger.received("ann", gist, about("before"));
  expect(ledger.violations()).toEqual([]);
  ledger.received("ann", gist, about("within"));
  expect(ledger.violations()).toEqual([
    expect.stringContaining("I3 a row the viewer could not read"),
  ]);
});

test("a signal for a row of a private gist is allowed once the gist is public again", () => {
  const { ledger, write } = setUp();
  ledger.closed(gist, "owner");
  write("within");
  ledger.opening(gist);
  ledger.received("ann", gist, about("within"));
  expect(ledger.violations()).toEqual([]);
});

const chat = "chat.p1";
const said = (messageId: string) => ({ v: 1, id: "s1", ids: [{ messageId }] });

test("I3 a message or a text that was written after a member was removed is reported, until the person is taken back", () => {
  const { ledger, write } = setUp();
  write("before", chat);
  ledger.removed(chat, "ann", 1);
  write("within", chat);
  write("a text", chat);
  ledger.received("ann", chat, said("before"), { epoch: 0 });
  ledger.received("ben", chat, said("within"), { epoch: 1 });
  expect(ledger.violations()).toEqual([]);
  ledger.received("ann", chat, said("within"), { epoch: 0 });
  ledger.received("ann", chat, {}, { epoch: 0, rows: [{ text: "a text" }] });
  expect(ledger.violations()).toEqual([
    expect.stringContaining("I3 a row the viewer could not read"),
    expect.stringContaining("I3 a row the viewer could not read"),
  ]);
  ledger.returning(chat, "ann");
  ledger.received("ann", chat, said("within"), { epoch: 1 });
  expect(ledger.violations()).toHaveLength(2);
});

test("I3 a push under a wire name that was made when the member was removed is reported, whatever it names", () => {
  const { ledger } = setUp();
  ledger.removed(chat, "ann", 4);
  ledger.received("ann", chat, {}, { epoch: 3 });
  ledger.received("ben", chat, {}, { epoch: 4 });
  expect(ledger.violations()).toEqual([]);
  ledger.received("ann", chat, {}, { epoch: 4 });
  expect(ledger.violations()).toEqual([expect.stringContaining("I3 a wire name")]);
});

test("I3 a signal on another user's channel is reported", () => {
  const { ledger } = setUp();
  ledger.received("ann", "user.ann", { v: 1, id: "s1" });
  ledger.received("ann", "user.ben", { v: 1, id: "s2" });
  expect(ledger.violations()).toHaveLength(1);
});
