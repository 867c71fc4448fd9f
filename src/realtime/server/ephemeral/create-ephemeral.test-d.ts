import { test } from "vitest";
import { channel, defineChannels } from "../../protocol/channel.ts";
import { fields } from "../../protocol/ephemeral/fields.ts";
import { signal } from "../../protocol/signal.ts";
import type { Ephemeral } from "./create-ephemeral.ts";

const channels = defineChannels({
  import: channel("import.{importId}", { ephemeral: {} }).message(
    "import.progress",
    fields({ done: "number", step: "string" }),
  ),
  page: channel("page.{pageId}").signal("page.changed"),
});
const ref = channels.import({ importId: "i1" });
const page = channels.page({ pageId: "p1" });

test("S4.10 a message that is not declared does not compile", () => {
  const check = (ephemeral: Ephemeral) => {
    ephemeral.send(ref, { type: "import.progress", fields: { done: 1, step: "a" } });
    // @ts-expect-error a field is missing
    ephemeral.send(ref, { type: "import.progress", fields: { done: 1 } });
    // @ts-expect-error a field has another type
    ephemeral.send(ref, { type: "import.progress", fields: { done: "1", step: "a" } });
    // @ts-expect-error a field is not declared
    ephemeral.send(ref, { type: "import.progress", fields: { done: 1, step: "a", html: "b" } });
    // @ts-expect-error the type is not declared
    ephemeral.send(ref, { type: "import.other", fields: {} });
    // @ts-expect-error the channel carries signals
    ephemeral.send(page, { type: "page.changed", fields: {} });
    // @ts-expect-error the channel carries no signals
    signal(ref, "import.progress");
  };
  void check;
});
