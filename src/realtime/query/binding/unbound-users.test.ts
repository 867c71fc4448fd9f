import { QueryObserver } from "@tanstack/react-query";
import { expect, onTestFinished, test } from "vitest";
import { a1, setUp } from "../../../../tests/support/rigs/bridge-rig.ts";

const plain = { queryKey: ["list"], queryFn: async () => "plain" };

/** The ways in which the options of a query are replaced by options without `live`. */
const ways: Record<string, (page: ReturnType<typeof setUp>) => unknown> = {
  "a prefetch": async ({ queryClient }) => {
    await queryClient.fetchQuery({ ...plain, staleTime: 0 });
    new QueryObserver(queryClient, { ...plain, enabled: false }).subscribe(() => {})();
  },
  "another component": ({ queryClient }) =>
    onTestFinished(new QueryObserver(queryClient, plain).subscribe(() => {})),
};

for (const [way, use] of Object.entries(ways)) {
  test(`a mounted query stays bound when ${way} uses its key without the binding`, async () => {
    const page = setUp();
    const list = page.mount("list", [a1]);
    await page.settle();
    await use(page);
    await page.settle();
    const before = page.bridge.counts().fetches;
    page.publish();
    await page.settle();
    expect(list.state().status).toBe("live");
    expect(page.bridge.counts().fetches).toBe(before + 1);
  });
}

test("a query is no longer bound when its last component with the binding is unmounted", async () => {
  const page = setUp();
  const list = page.mount("list", [a1]);
  await page.settle();
  onTestFinished(new QueryObserver(page.queryClient, plain).subscribe(() => {}));
  list.unmount();
  expect(list.state().status).toBe("unbound");
});
