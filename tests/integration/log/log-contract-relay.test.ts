import { describe, expect, test, vi } from "vitest";
import { drain, logs, messages, other, posted, room, setUp } from "./log-contract-rig.ts";

describe.each(logs)("the relay's side of the signal log %s", (_where, open) => {
  test("V1 V2 access epochs start at 0, increase with a commit, are relayed with signals, and the old wire name is notified", async () => {
    const { log, now, since, transaction, openRelay, write } = await setUp(open);
    const start = await now();
    const epochs = async () => [...(await log.accessEpochs([room.name, other.name])).values()];
    await write(1);
    await transaction(async (tx) => {
      await log.bumpAccessEpoch(tx, room);
      expect(await epochs()).toEqual([0, 0]);
    });
    expect(await epochs()).toEqual([1, 0]);
    const { session } = await openRelay();
    const page = await session.read((await session.lead()) ?? "");
    expect(page.deliveries.map(({ accessEpoch, signal: { name } }) => [name, accessEpoch])).toEqual(
      [
        ["message.posted", 1],
        ["querycast.moved", 0],
      ],
    );
    const answer = await since(start);
    expect(answer).toMatchObject({ status: "replay", accessEpoch: 1 });
    expect(answer?.status === "replay" && answer.signals.map(({ name }) => name)).toEqual([
      "message.posted",
    ]);
    expect(await since(answer?.position ?? "", other.name)).toMatchObject({ accessEpoch: 0 });
  });

  test("R3 the relay reads pages of whole transactions, in the order of each channel", async () => {
    const { write, openRelay } = await setUp(open);
    await write(1);
    await write(2, 3, 4);
    await write(5);
    const { session } = await openRelay();
    const { pages, position } = await drain(session, (await session.lead()) ?? "");
    expect(pages.flat()).toEqual(["1", "2", "3", "4", "5"]);
    expect(pages.find((page) => page.includes("2"))).toEqual(expect.arrayContaining(["3", "4"]));
    const page = await session.read(position);
    expect(page).toMatchObject({ deliveries: [], more: false, lagMs: 0 });
  });

  test("the relay and catch-up know the latest signal of each channel", async () => {
    const { log, now, since, write, transaction, openRelay } = await setUp(open);
    const { session } = await openRelay();
    const lead = (await session.lead()) ?? "";
    const channelNames = [room.name, other.name, "room.r9"];
    expect(await session.heads(lead, channelNames)).toEqual(new Map());
    await write(1);
    await write(2, 3);
    await transaction((tx) => log.append(tx, [posted(4, other)]));
    const { position } = await drain(session, lead);
    const ahead = await session.read(lead);
    await write(5);
    const heads = await session.heads(position, channelNames);
    expect([...heads.keys()].sort()).toEqual([room.name, other.name]);
    expect(heads.get(room.name)).not.toBe(ahead.deliveries[0]?.signal.id);
    const recent = await session.recent(position, 60_000);
    expect(recent.map((each) => messages([each.signal])[0]).sort()).toEqual(["3", "4"]);
    expect(new Map(recent.map((each) => [each.channel, each.signal.id]))).toEqual(heads);
    expect((await since(await now()))?.recent).toContain(heads.get(room.name));
    expect((await since(null, "room.r9"))?.recent).toEqual([]);
  });

  test("one session leads, and the next one continues from the saved position", async () => {
    const { write, openRelay } = await setUp(open);
    const first = await openRelay();
    const second = await openRelay();
    await write(1);
    const start = await first.session.lead();
    expect(await second.session.lead()).toBeUndefined();
    const { position, page } = await drain(first.session, start ?? "");
    await first.session.save(position, page);
    await write(2);
    await first.session.close();
    await vi.waitFor(async () => expect(await second.session.lead()).toBeDefined());
    const lead = (await second.session.lead()) ?? "";
    expect((await drain(second.session, lead)).pages.flat()).toEqual(["2"]);
    await expect(first.session.read(position)).rejects.toThrow(/closed/);
  });

  test("K7 the log knows the latest signal of a channel, before a position and for catch-up", async () => {
    const { log, now, since, transaction, openRelay } = await setUp(open);
    const { session } = await openRelay();
    const lead = (await session.lead()) ?? "";
    const start = await now();
    expect((await since(start))?.recent).toEqual([]);
    await transaction((tx) => log.append(tx, [posted(1), posted(2), posted(3, other)]));
    const { deliveries, position } = await session.read(lead);
    const [, second, third] = deliveries.map(({ signal: { id } }) => id);
    await transaction((tx) => log.append(tx, [posted(4)]));
    const heads = await session.heads(position, [room.name, other.name, "room.r3"]);
    expect([...heads]).toEqual([
      [room.name, second],
      [other.name, third],
    ]);
    expect(await session.heads(lead, [room.name])).toEqual(new Map());
    const answer = await since(start);
    expect(answer?.recent).toHaveLength(3);
    expect(answer?.recent).toContain(second);
    expect((await since(answer?.position ?? ""))?.recent).toEqual(answer?.recent);
  });

  test("K8 a new leader gets the recent last signal of each channel", async () => {
    const { log, transaction, openRelay } = await setUp(open);
    const { session } = await openRelay();
    const lead = (await session.lead()) ?? "";
    await transaction((tx) => log.append(tx, [posted(1), posted(2), posted(3, other)]));
    const { deliveries, position } = await session.read(lead);
    expect(await session.recent(lead, 60_000)).toEqual([]);
    expect(await session.recent(position, 60_000)).toEqual(deliveries.slice(1));
    expect(await session.recent(position, -1_000)).toEqual([]);
  });

  test("K8 V1 a new leader gets recent epoch changes, for clients that still use the old wire name", async () => {
    const { log, transaction, openRelay } = await setUp(open);
    const { session } = await openRelay();
    const lead = (await session.lead()) ?? "";
    await transaction((tx) => log.append(tx, [posted(1)]));
    await transaction((tx) => log.bumpAccessEpoch(tx, room));
    await transaction((tx) => log.append(tx, [posted(2)]));
    await transaction((tx) => log.bumpAccessEpoch(tx, room));
    await transaction((tx) => log.append(tx, [posted(3)]));
    let position = lead;
    for (let more = true; more; ) ({ more, position } = await session.read(position));
    const recent = await session.recent(position, 60_000);
    const told = recent.map(({ accessEpoch, signal: { name } }) => `${name} on ${accessEpoch}`);
    expect(told.sort()).toEqual([
      "message.posted on 2",
      "querycast.moved on 0",
      "querycast.moved on 1",
    ]);
  });

  test("writers send the wake signal only while the relay sleeps", async () => {
    const { write, openRelay } = await setUp(open);
    const { session, received } = await openRelay();
    const lead = (await session.lead()) ?? "";
    received.length = 0; // the start-up test of the real log sends a wake signal
    await write(1);
    await session.sleep(60_000);
    await vi.waitFor(async () => expect((await session.read(lead)).quiet).toBe(true));
    expect(received).toEqual([]);
    await write(2);
    await vi.waitFor(() => expect(received).toEqual(["notified"]));
    await session.wake();
    await write(3);
    expect((await session.read(lead)).quiet).toBe(false);
    expect(received).toEqual(["notified"]);
  });

  test("pruning removes old, delivered signals, and positions below them give gaps", async () => {
    const { now, since, write, openRelay } = await setUp(open);
    const start = await now();
    const { session } = await openRelay();
    const lead = (await session.lead()) ?? "";
    await write(1);
    expect(await session.prune(0)).toBe(0);
    const { position, page } = await drain(session, lead);
    await session.save(position, page);
    expect(await session.prune(60_000)).toBe(0);
    expect((await since(start))?.status).toBe("replay");
    expect(await session.prune(0)).toBe(1);
    expect((await since(start))?.status).toBe("gap");
    const after = await now();
    await write(2);
    expect((await since(after))?.status).toBe("replay");
  });
});
