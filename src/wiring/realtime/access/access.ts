import type { DecideContext, Rollout } from "querycast/server";
import type { Database } from "@/db/database.ts";
import type { Transaction } from "@/db/viewer.ts";
import { createBans } from "./rollout.ts";
import { authority, type SiteViewer } from "./rules.ts";

/** What decides who may join a channel: for the route, and for the admin's check of it. */
export function createAccess(
  database: Database,
  rollout: Rollout<SiteViewer>,
): Omit<DecideContext<SiteViewer, Transaction>, "onError"> {
  return {
    authority,
    read: ({ id, role }, fn) => database.readAs({ userId: id, role }, fn),
    rollout,
    restrict: createBans(database),
  };
}
