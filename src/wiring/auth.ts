import { createAuth } from "@/auth/create-auth.ts";
import { env } from "@/lib/env.ts";
import { singleton } from "@/lib/singleton.ts";
import { database } from "./database.ts";
import { endConnections } from "./realtime/broker.ts";

/** Authentication for pages, actions and route handlers. */
export const auth = () =>
  singleton("auth", () =>
    createAuth({ database: database(), env: env().auth, onSessionEnded: endConnections }),
  );
