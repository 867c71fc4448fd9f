import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { longListAtMost } from "@/lib/list-limits.ts";
import { rolesQuery, teamMembersQuery } from "../queries.ts";
import type { TeamMember } from "../schema.ts";
import { MemberList } from "./member-list.tsx";

afterEach(cleanup);

const publicationId = "11111111-1111-4111-8111-111111111111";

const member = (number: number): TeamMember => ({
  userId: String(number),
  handle: `member-${number}`,
  name: `Member ${number}`,
  joinedAt: "2026-01-01T08:00:00.000000Z",
  roles: [],
});

function open(members: number) {
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  queryClient.setQueryData(rolesQuery(publicationId).queryKey, []);
  queryClient.setQueryData(
    teamMembersQuery(publicationId).queryKey,
    Array.from({ length: members }, (_, at) => member(at)),
  );
  render(
    <QueryClientProvider client={queryClient}>
      <MemberList
        publicationId={publicationId}
        publicationName="Paper"
        viewerId="0"
        permissions={[]}
      />
    </QueryClientProvider>,
  );
}

test("a full list of members names how many are shown, and counts them as at least so many", () => {
  const note = () => screen.queryByText("The 1,000 members who joined first are shown.");
  open(2);
  expect(screen.getByRole("status").textContent).toBe("2 members");
  expect(note()).toBeNull();
  cleanup();
  open(longListAtMost);
  expect(screen.getByRole("status").textContent).toMatch(/^At least 1,?000 members$/);
  expect(note()).not.toBeNull();
});
