import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { longListAtMost } from "@/lib/list-limits.ts";
import { rolesQuery, teamMembersQuery } from "../queries.ts";
import type { Role, TeamMember } from "../schema.ts";
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

const ownerRole: Role = {
  id: "22222222-2222-4222-8222-222222222222",
  name: "Owner",
  permissions: ["members.manage"],
  isOwner: true,
  isHeld: true,
  memberCount: 1,
};

function open(
  members: number,
  { roles = [], search = "" }: { roles?: Role[]; search?: string } = {},
) {
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  queryClient.setQueryData(rolesQuery(publicationId).queryKey, roles);
  queryClient.setQueryData(
    teamMembersQuery(publicationId, search).queryKey,
    Array.from({ length: members }, (_, at) => member(at)),
  );
  render(
    <QueryClientProvider client={queryClient}>
      <MemberList
        publicationId={publicationId}
        publicationName="Paper"
        viewerId="viewer"
        permissions={["members.manage"]}
        search={search}
      />
    </QueryClientProvider>,
  );
}

test("a full list of members names how many are shown, and counts them as at least so many", () => {
  const note = () =>
    screen.queryByText(
      "The 1,000 members who joined first are shown. Search for others by their name or handle.",
    );
  open(2);
  expect(screen.getByRole("status").textContent).toBe("2 members");
  expect(note()).toBeNull();
  cleanup();
  open(longListAtMost);
  expect(screen.getByRole("status").textContent).toMatch(/^At least 1,?000 members$/);
  expect(note()).not.toBeNull();
});

test("an owner who is not among the found members can give them the role of owners, and another member cannot", () => {
  const choice = () => screen.getByRole("checkbox", { name: "Owner", hidden: true });
  open(1, { roles: [ownerRole], search: "mem" });
  expect(screen.getByRole("status").textContent).toBe("1 member found for “mem”");
  expect(choice()).toHaveProperty("disabled", false);
  cleanup();
  open(1, { roles: [{ ...ownerRole, isHeld: false }], search: "mem" });
  expect(choice()).toHaveProperty("disabled", true);
});
