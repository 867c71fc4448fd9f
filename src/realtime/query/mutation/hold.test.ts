import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { a1, setUp } from "../../../../tests/support/rigs/bridge-rig.ts";
import { hold, holdWhile } from "./hold.ts";

test("an optimistic update does not count as a fetch after the signal", async () => {
  const { clock, mount, publish, queryClient, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  publish();
  queryClient.setQueryData(["list"], "optimistic");
  await clock.advance(10);
  await settle();
  expect(query.data()).not.toBe("optimistic");
});

test("S3.25 own signals wait until the mutation settles and are then followed by a fetch", async () => {
  const { clock, mount, publish, queryClient, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  const before = query.fetches.length;
  const done = holdWhile(queryClient, ["list"], async () => {
    queryClient.setQueryData(["list"], "optimistic");
    await new Promise<void>((resolve) => clock.after(500, resolve));
  });
  publish();
  await clock.advance(400);
  expect(query.data()).toBe("optimistic");
  expect(query.fetches.length).toBe(before);
  await clock.advance(600);
  await done;
  expect(query.fetches.length).toBe(before + 1);
});

test("S3.25 a failed mutation releases its queries, and the server's state is shown again", async () => {
  const { clock, mount, publish, queryClient, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  const mutation = holdWhile(queryClient, ["list"], async () => {
    queryClient.setQueryData(["list"], "optimistic");
    publish();
    throw new Error("refused");
  });
  await expect(mutation).rejects.toThrow("refused");
  await clock.advance(500);
  expect(query.data()).not.toBe("optimistic");
});

test("each hold is released once, a repeated release has no effect, and without a bridge nothing is held", async () => {
  const { mount, publish, queryClient, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  const before = query.fetches.length;
  const [one, two] = [hold(queryClient, ["list"]), hold(queryClient, ["list"])];
  publish();
  one();
  one();
  await settle();
  expect(query.fetches.length).toBe(before);
  two();
  await settle();
  expect(query.fetches.length).toBe(before + 1);
  hold(new QueryClient(), ["list"])();
});
