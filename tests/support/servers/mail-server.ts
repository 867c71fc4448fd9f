import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

export interface ReceivedMail {
  readonly to: readonly string[];
  /** Headers and body as they came, with decoded quoted-printable. */
  readonly source: string;
}

export interface MailServer {
  readonly url: string;
  readonly received: readonly ReceivedMail[];
  /** Refuses this number of messages from now on. */
  readonly refuse: (count: number) => void;
  readonly close: () => Promise<void>;
}

/** A real SMTP server on a free port, which demands a password. */
export async function startMailServer(): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  let refusals = 0;
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === "inkwell" && password === "a secret"
        ? done(null, { user: username })
        : done(new Error("Wrong password")),
    onData: async (stream, { envelope }, done) => {
      const source = decode(await text(stream));
      if (refusals > 0) {
        refusals -= 1;
        done(Object.assign(new Error("Mailbox is busy"), { responseCode: 450 }));
        return;
      }
      received.push({ to: envelope.rcptTo.map(({ address }) => address), source });
      done();
    },
  });
  server.on("error", () => {}); // a client that goes away
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://inkwell:a%20secret@127.0.0.1:${port}`,
    received,
    refuse: (count) => {
      refusals = count;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function decode(source: string): string {
  if (!/^content-transfer-encoding: quoted-printable/im.test(source)) return source;
  const bytes = source
    .replaceAll(/=\r\n/g, "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return Buffer.from(bytes, "latin1").toString("utf8");
}
