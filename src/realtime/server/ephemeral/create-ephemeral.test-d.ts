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
    void ephemeral.send(ref, { type: "import.progress", fields: { done: 1, step: "a" } });
    // @ts-expect-error a field is missing
    void ephemeral.send(ref, { type: "import.progress", fields: { done: 1 } });
    // @ts-expect-error a field has another type
    void ephemeral.send(ref, { type: "import.progress", fields: { done: "1", step: "a" } });
    // @ts-expect-error a field is not declared
    void ephemeral.send(ref, { type: "import.progress", fields: { done: 1, step: "a", x: 1 } });
    // @ts-expect-error the type is not declared
    void ephemeral.send(ref, { type: "import.other", fields: {} });
    // @ts-expect-error the channel carries signals
    void ephemeral.send(page, { type: "page.changed", fields: {} });
    // @ts-expect-error the channel carries no signals
    void signal(ref, "import.progress");
  };
  void check;
});
