import { createAuth } from "@/auth/create-auth.ts";
import { env } from "@/lib/env.ts";
import { singleton } from "@/lib/singleton.ts";
import { database } from "./database.ts";

export const auth = () =>
  singleton("auth", () => createAuth({ database: database(), env: env().auth }));

export const getViewer = () => auth().getViewer();
