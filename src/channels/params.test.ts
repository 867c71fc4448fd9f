import { channel, defineChannels } from "querycast";
import { expect, expectTypeOf, test } from "vitest";
import { oneOf, params, uuid } from "./params.ts";

const id = "0198f2c4-7d1e-7c3a-9b5f-3f6a1c2d4e5f";
const page = channel("page.{type}.{id}", {
  params: params({ type: oneOf("article", "gist"), id: uuid }),
});
const channels = defineChannels({ page });

test("valid parameters make a channel", () => {
  expect(channels.page({ type: "gist", id }).name).toBe(`page.gist.${id}`);
  expectTypeOf(channels.page)
    .parameter(0)
    .toEqualTypeOf<{ readonly type: "article" | "gist"; readonly id: string }>();
});

test("invalid parameters are refused, and the message names each", () => {
  const refer = (type: string, ofId: string) => () =>
    channels.page({ type: type as "gist", id: ofId });
  expect(refer("user", id)).toThrow("type is not one of article, gist");
  expect(refer("gist", "42")).toThrow("id is not a UUID");
  expect(refer("gist", `${id}0`)).toThrow("id is not a UUID");
  expect(refer("constructor", "x")).toThrow("type is not one of article, gist; id is not a UUID");
});
