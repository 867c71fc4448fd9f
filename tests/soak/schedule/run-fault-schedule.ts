import { summarize } from "../summarize.ts";
import type { World } from "../world/world.ts";
import type { Line, LineFault, Step, Timed } from "./fault-schedule.ts";

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Runs each step at its time, steps in parallel. Resolves when the last step has ended. */
export async function runFaultSchedule(
  world: World,
  schedule: readonly Timed[],
  note: (what: string) => void,
): Promise<void> {
  const startMs = performance.now();
  await Promise.all(
    schedule.map(async ({ atMs, step }) => {
      await pause(startMs + atMs - performance.now());
      try {
        await run(world, step);
      } catch (error) {
        // Expected errors: the page is not readable, or the comment is deleted.
        note(`refused ${JSON.stringify(step)}: ${summarize(error)}`);
      }
    }),
  );
}

/** Ends all faults and makes every page visible. Does not wait for the caches. */
export async function endFaults({ people, lines, broker, site }: World): Promise<void> {
  await lines.healAll();
  await broker.isUp();
  for (const { relay } of site.relays) relay.start();
  for (const person of people) {
    person.setDropsPushes(false);
    person.setOnline(true);
    person.setVisible(true);
    person.comeBack();
  }
}

function run(world: World, step: Step): Promise<void> {
  const { broker, site, writer } = world;
  const inhabitant = (who: number) => at(world.inhabitants, who);
  const page = (index: number) => at(world.pages, index);
  switch (step.do) {
    case "comment":
      return writer.comment(inhabitant(step.by), page(step.on), step);
    case "edit":
      return writer.edit(inhabitant(step.by), page(step.on), step.at, step.ending);
    case "delete":
      return writer.remove(inhabitant(step.by), page(step.on), step.at, step.ending);
    case "chat-part":
      return world.chatWriter.part(step.answer, step.position, step.ending, step.holdMs);
    case "read-again":
      return Promise.resolve(at(world.people, step.who).readAgain());
    case "chat-say":
      return world.chatWriter.say(inhabitant(step.by));
    case "remove-member":
      return removeMember(world, step.who, step.forMs);
    case "take-back":
      return takeBack(world, step.who);
    case "burst":
      return burst(world, step.by, step.on, step.comments);
    case "mark-read":
      return writer.markRead(inhabitant(step.by));
    case "mark-all-read":
      return writer.markAllRead(inhabitant(step.by));
    case "close-gist":
      return writer.closeGist(page(step.page));
    case "open-gist":
      return writer.openGist(page(step.page)).then(() => world.eavesdropper.ask());
    case "line":
      return failLine(world, step.line, step.fault, step.forMs);
    case "broker":
      return step.how === "kill" ? broker.kill() : broker[step.how](step.forMs);
    case "relay":
      return step.how === "stop"
        ? stopRelay(world, step.which, step.forMs)
        : terminate(world, step.which);
    case "offline":
    case "hide":
    case "leave":
    case "reload":
    case "drop-pushes":
      return absent(world, step.who, step.do, step.forMs);
    case "repeat":
      return site.repeat();
  }
}

async function removeMember(world: World, who: number, forMs: number | null) {
  await world.memberships.remove(at(world.inhabitants, who));
  if (forMs === null) return;
  await pause(forMs);
  await takeBack(world, who);
}

/** The person's pages are opened again: a channel that was denied stays so (K4). */
async function takeBack({ memberships, inhabitants, people, eavesdropper }: World, who: number) {
  const person = at(inhabitants, who);
  await memberships.takeBack(person);
  for (const each of people) if (each.userId === person.viewer.userId) each.reload();
  await eavesdropper.ask();
}

async function burst(
  { writer, inhabitants, pages }: World,
  by: number,
  on: number,
  comments: number,
) {
  for (let count = 0; count < comments; count += 1) {
    await writer.comment(at(inhabitants, by), at(pages, on), {
      answers: null,
      ending: "commit",
      holdMs: 0,
    });
  }
}

async function failLine({ lines }: World, line: Line, fault: LineFault, forMs: number) {
  await lines.fail(line, fault);
  await pause(forMs);
  await lines.heal(line);
}

async function stopRelay({ site }: World, which: number, forMs: number) {
  const { relay } = at(site.relays, which);
  await relay.stop();
  await pause(forMs);
  relay.start();
}

async function terminate({ owner, site }: World, which: number) {
  const { applicationName } = at(site.relays, which);
  await owner`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = ${applicationName} and datname = current_database()`;
}

async function absent(
  { people }: World,
  who: number,
  how: "drop-pushes" | "hide" | "leave" | "offline" | "reload",
  forMs: number,
) {
  const person = at(people, who);
  switch (how) {
    case "drop-pushes":
      person.setDropsPushes(true);
      await pause(forMs);
      return person.setDropsPushes(false);
    case "offline":
      person.setOnline(false);
      await pause(forMs);
      return person.setOnline(true);
    case "hide":
      person.setVisible(false);
      await pause(forMs);
      return person.setVisible(true);
    case "leave":
      person.leave();
      await pause(forMs);
      return person.comeBack();
    case "reload":
      return person.reload();
  }
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`Index ${index} does not exist.`);
  return item;
}
