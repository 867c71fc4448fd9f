import { expect, test } from "vitest";
import { chooseMailer } from "./choose-mailer.ts";

const message = { id: "1", to: "ann@example.org", subject: "Hello", text: "A link" };

test("without a mail server development writes messages to the log, and production sends none", async () => {
  const written: unknown[] = [];
  const write = (...line: unknown[]) => written.push(line);
  expect(chooseMailer({ settings: null, isDevelopment: false, write })).toBeNull();
  await chooseMailer({ settings: null, isDevelopment: true, write })?.send(message);
  expect(written).toEqual([
    [expect.any(String), { to: message.to, subject: "Hello", text: "A link" }],
  ]);
});

test("a mail server that is set is used in development too, and nothing is written to the log", async () => {
  const written: unknown[] = [];
  const settings = { url: "smtp://127.0.0.1:1", from: "inkwell@example.org" };
  const write = (...line: unknown[]) => written.push(line);
  const mailer = chooseMailer({ settings, isDevelopment: true, write });
  await expect(mailer?.send(message)).rejects.toThrow(/ECONNREFUSED/);
  expect(written).toEqual([]);
});
