import { QueryClient } from "@tanstack/react-query";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type OptimisticChange, showChange } from "./optimistic.ts";

function setUp() {
  const client = new QueryClient();
  client.setQueryData(["list"], ["base"]);
  const [query] = client.getQueryCache().getAll();
  if (query === undefined) throw new Error("There is one.");
  const append = (text: string) => showChange(query, (list) => [...(list as string[]), text]);
  return { client, append, shown: () => client.getQueryData<string[]>(["list"]) };
}

test("O3 in any order of changes, confirmations and undos, the data is the base with every change that was not undone", () => {
  const step = fc.constantFrom("begin" as const, "undo" as const, "keep" as const);
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.nat()), { maxLength: 30 }), (steps) => {
      const { append, shown } = setUp();
      const running = new Map<string, OptimisticChange>();
      const expected = ["base"];
      for (const [index, [what, pick]] of steps.entries()) {
        const text = `${index}`;
        if (what === "begin") {
          running.set(text, append(text));
          expected.push(text);
        } else {
          const [key, change] = [...running][pick % Math.max(1, running.size)] ?? [];
          if (key === undefined || change === undefined) continue;
          running.delete(key);
          change[what]();
          if (what === "undo") expected.splice(expected.indexOf(key), 1);
        }
        expect(shown()).toEqual(expected);
      }
    }),
  );
});

test("O3 data set by the application is neither changed nor treated as an optimistic change", () => {
  const { client, append, shown } = setUp();
  const first = append("first");
  client.setQueryData(["list"], ["theirs"]);
  const second = append("second");
  first.undo();
  expect(shown()).toEqual(["theirs", "second"]);
  second.undo();
  expect(shown()).toEqual(["theirs"]);
});
