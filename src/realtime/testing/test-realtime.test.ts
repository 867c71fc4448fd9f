import { expect, test } from "vitest";
import { channel, defineChannels } from "../protocol/channel.ts";
import { authorize, byRls, type Rules } from "../server/route/rules.ts";
import { testRealtime } from "./test-realtime.ts";

interface Person {
  readonly id: string;
  readonly isAdmin: boolean;
}
const channels = defineChannels({
  user: channel("user.{userId}"),
  page: channel("page.{pageId}"),
  admin: channel("admin"),
});
const rules: Rules<typeof channels, Person> = {
  user: ({ userId }, { viewer }) => userId === viewer.id,
  page: byRls(({ pageId }, { tx }) => tx`select from pages where id = ${pageId}`),
  admin: (_params, { viewer }) => viewer.isAdmin,
};
const reader = { id: "reader", isAdmin: false };

test("rules are evaluated for the viewer, from registry and rules or from an authority", async () => {
  for (const realtime of [
    testRealtime(channels, { rules }),
    testRealtime(authorize(channels, rules)),
  ]) {
    expect(await realtime.as(reader).canJoin(channels.user({ userId: "reader" }))).toBe(true);
    expect(await realtime.as(reader).canJoin(channels.user({ userId: "other" }))).toBe(false);
    expect(await realtime.as(reader).canJoin(channels.admin({}))).toBe(false);
    const admin = { id: "admin", isAdmin: true };
    expect(await realtime.as(admin).canJoin(channels.admin({}))).toBe(true);
  }
});

test("a rule that reads gets the viewer's transaction", async () => {
  const asked: unknown[] = [];
  const realtime = testRealtime(channels, {
    rules,
    read: (viewer: Person, fn) =>
      fn(async (_text, ...values) => {
        asked.push([viewer.id, ...values]);
        return values[0] === "public" ? ([{}] as never) : [];
      }),
  });
  expect(await realtime.as(reader).canJoin(channels.page({ pageId: "public" }))).toBe(true);
  expect(await realtime.as(reader).canJoin(channels.page({ pageId: "draft" }))).toBe(false);
  expect(asked).toEqual([
    ["reader", "public"],
    ["reader", "draft"],
  ]);
});

test("an error of a rule rejects canJoin, and decides unavailable", async () => {
  const page = channels.page({ pageId: "1" });
  const realtime = testRealtime(channels, { rules }).as(reader);
  await expect(realtime.canJoin(page)).rejects.toThrow("Pass `read` to testRealtime");
  expect(await realtime.decide(page.name)).toBe("unavailable");
});

test.each(["", "user", "user.", "nothing.1", "private-user.reader", "user.reader.e0", "__proto__"])(
  "a name that is not a channel of the contract is invalid: %j",
  async (name) => {
    expect(await testRealtime(channels, { rules }).as(reader).decide(name)).toBe("invalid");
  },
);
