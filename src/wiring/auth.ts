import { createAuth } from "@/auth/create-auth.ts";
import { channels } from "@/channels/index.ts";
import { env } from "@/lib/env.ts";
import { log } from "@/lib/logging/log.ts";
import { singleton } from "@/lib/singleton.ts";
import { database } from "./database.ts";
import { endConnections } from "./realtime/broker/broker.ts";
import { sendMessage } from "./realtime/ephemeral.ts";

/** Authentication for pages, actions and route handlers. */
export const auth = () =>
  singleton("auth", () =>
    createAuth({
      database: database(),
      env: env().auth,
      onSessionEnded: endConnections,
      onSignedUp: (person) => {
        sendMessage(channels.activity({}), { type: "person.joined", fields: person }).catch(
          (error: unknown) => log.error("a message was refused", { error }),
        );
      },
    }),
  );
