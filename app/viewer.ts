import { cache } from "react";
import { getAccount } from "@/features/account/get-account.ts";
import { readAsViewer } from "@/wiring/context.ts";

/** The current viewer for server components. Cached per request; `null` when signed out. */
export const currentAccount = cache(() => readAsViewer(getAccount));
