import { cache } from "react";
import { getAccount } from "@/features/account/get-account.ts";
import { readAsViewer } from "@/wiring/context.ts";

/** Who is reading, looked up once a request however many components ask. `null` is nobody. */
export const currentAccount = cache(() => readAsViewer(getAccount));
