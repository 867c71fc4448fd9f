import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { channel, defineChannels } from "../../protocol/channel.ts";
import type { Sql } from "../ports.ts";
import type { Viewer } from "../viewer.ts";
import { authorize, byRls, type RuleContext } from "./rules.ts";

const channels = defineChannels({
  user: channel("user.{userId}"),
  resource: channel("resource.{resourceType}.{resourceId}", {
    params: z.object({ resourceType: z.enum(["article", "gist"]), resourceId: z.uuid() }),
  }),
});
const rows = async () => [];

test("every channel kind has a rule", () => {
  authorize(channels, { user: () => true, resource: byRls(rows) });
  // @ts-expect-error resource has no rule
  authorize(channels, { user: () => true });
  // @ts-expect-error there is no channel "tag"
  authorize(channels, { user: () => true, resource: byRls(rows), tag: () => true });
});

test("a rule receives its parameters, the viewer and the viewer's transaction", () => {
  authorize(channels, {
    user: ({ userId }, { viewer }) => {
      expectTypeOf(userId).toEqualTypeOf<string>();
      expectTypeOf(viewer).toEqualTypeOf<Viewer>();
      return userId === viewer.id;
    },
    resource: byRls(({ resourceType }, { tx }) => {
      expectTypeOf(resourceType).toEqualTypeOf<"article" | "gist">();
      expectTypeOf(tx).toEqualTypeOf<Sql>();
      return rows();
    }),
  });
});

test("a rule can require further fields of a viewer and another type of transaction", () => {
  interface Member extends Viewer {
    readonly role: "reader" | "admin";
  }
  interface Orm {
    readonly find: (id: string) => Promise<readonly unknown[]>;
  }
  type Context = RuleContext<Member, Orm>;
  const authority = authorize(channels, {
    user: (_params, { viewer }: Context) => viewer.role === "admin",
    resource: byRls(({ resourceId }, { tx }: Context) => tx.find(resourceId)),
  });
  expectTypeOf(authority.ruleOf).returns.not.toBeAny();
});

test("a rule must return a boolean, not rows", () => {
  // @ts-expect-error an array is truthy even when it is empty
  authorize(channels, { user: () => true, resource: rows });
});
