import { z } from "zod";
import { personSearch } from "@/lib/text/person-search.ts";
import { typedText } from "@/lib/text/typed-text.ts";

export const roles = ["reader", "author", "admin"] as const;
export type Role = (typeof roles)[number];

/** A person, for admins. Times are ISO 8601. */
export interface Person {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly role: Role;
  /** Number of open sessions. */
  readonly sessions: number;
  /** Null: never signed in, or not recently. */
  readonly lastSeenAt: string | null;
  readonly ban: { readonly reason: string; readonly since: string } | null;
}

export const peoplePerPage = 50;

export const listPeopleInput = personSearch.extend({
  only: z
    .enum(["signed-in", "banned"], {
      error: 'Unknown filter. Use "signed-in", "banned", or none.',
    })
    .optional(),
});
export type ListPeopleInput = z.infer<typeof listPeopleInput>;

export interface PeoplePage {
  readonly people: readonly Person[];
  /** Whether more people match than are listed. */
  readonly hasMore: boolean;
}

export const banUserInput = z.object({
  userId: z.uuid(),
  reason: typedText()
    .trim()
    .min(1, { error: "Enter a reason. It is shown in the audit log." })
    .max(500, { error: "A reason has at most 500 characters." }),
});
export type BanUserInput = z.infer<typeof banUserInput>;

export const changeRoleInput = z.object({
  userId: z.uuid(),
  role: z.enum(roles, { error: `A role is one of ${roles.join(", ")}.` }),
});
export type ChangeRoleInput = z.infer<typeof changeRoleInput>;

export const personInput = z.object({ userId: z.uuid() });
export type PersonInput = z.infer<typeof personInput>;
