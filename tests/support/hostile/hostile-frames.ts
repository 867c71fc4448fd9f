/** Frames that crash Soketi 1.6.1 without the guard, or that it answers wrongly. */
type NamedFrames = readonly (readonly [name: string, frame: unknown])[];

export const subscribe = (data: unknown) => ({ event: "pusher:subscribe", data });
export const signIn = (userData: unknown) => ({
  event: "pusher:signin",
  data: { auth: "a:b", user_data: userData },
});
const signature = `inkwell-key:${"0".repeat(64)}`;
const signedTo = (channel: unknown) => subscribe({ channel, auth: signature });
const member = (channelData: unknown) =>
  subscribe({ channel: "presence-a", auth: signature, channel_data: channelData });

/** Frames that violate the protocol. */
export const malformedFrames: NamedFrames = [
  ["nothing", ""],
  ["no JSON", "{"],
  ["null", "null"],
  ["an array", "[]"],
  ["a number", "1"],
  ["text", '"pusher:subscribe"'],
  ["no event", {}],
  ["an event that is null", { event: null }],
  ["an event that is an object", { event: { toString: "pusher:subscribe" } }],
  ["an event that is a list", { event: ["pusher:subscribe"] }],
  ["an event given twice", '{"event":"pusher:ping","event":"pusher:subscribe"}'],
  ["subscribe without data", { event: "pusher:subscribe" }],
  ["subscribe with null data", subscribe(null)],
  ["subscribe with data as text", subscribe('{"channel":"private-a"}')],
  ["subscribe with a list as data", subscribe(["private-a"])],
  ["subscribe without a channel", subscribe({ auth: "a:b" })],
  ["a channel that is a number", signedTo(1)],
  ["a channel that is an array", signedTo(["private-a"])],
  ["a channel that is an object", signedTo({ name: "private-a" })],
  ["a channel that is null", signedTo(null)],
  ["unsubscribe without data", { event: "pusher:unsubscribe" }],
  ["unsubscribe from a number", { event: "pusher:unsubscribe", data: { channel: 1 } }],
  ["sign-in without data", { event: "pusher:signin" }],
  ["sign-in with an object as user", signIn({ id: "1" })],
  ["sign-in with a user that is no JSON", signIn("{")],
  ["sign-in with the user null", signIn("null")],
  ["sign-in without an id", signIn("{}")],
  ["sign-in with an id that is an object", signIn('{"id":{"toString":1}}')],
  ["7,000 brackets", "[".repeat(7_000)],
  ["7,000 closed brackets", "[".repeat(7_000) + "]".repeat(7_000)],
  ["1,500 objects in each other", '{"event":'.repeat(1_500)],
  ["binary", Uint8Array.of(1, 2, 3)],
  ["a good frame as binary", new TextEncoder().encode('{"event":"pusher:ping"}')],
];

/** Subscriptions that the guard accepts in no mode. */
export const refusedSubscriptions: NamedFrames = [
  ["without a signature", subscribe({ channel: "private-a" })],
  ["with a signature that is empty", subscribe({ channel: "private-a", auth: "" })],
  ["with a signature that is a number", subscribe({ channel: "private-a", auth: 1 })],
  ["with a signature that is an object", subscribe({ channel: "private-a", auth: {} })],
  ["with a forged signature", signedTo("private-a")],
  ["with 301 characters as signature", subscribe({ channel: "private-a", auth: "a".repeat(301) })],
  ["to a channel with a colon", signedTo("private-a:b")],
  ["to a channel with a line break", signedTo("private-a\n")],
  ["to a channel with a path", signedTo("private-a b/../c")],
  ["to a channel of 165 characters", signedTo(`private-${"a".repeat(157)}`)],
  ["to a channel of 10,000 characters", signedTo(`private-${"a".repeat(10_000)}`)],
  ["to the empty channel", signedTo("")],
  ["to a prefix alone", signedTo("private-")],
  ["to a caching prefix alone", signedTo("private-cache-")],
  ["to an unknown channel with #", signedTo("#private-a")],
  ["to another user's channel", signedTo("#server-to-user-1")],
  ["to a user's channel that is cached", signedTo("#server-to-user-cache-1")],
  ["to a presence channel without a member", signedTo("presence-a")],
  ["to a presence channel as null", member("null")],
  ["to a presence channel as a number", member("1")],
  ["to a presence channel with no JSON", member("{")],
  ["to a presence channel with an object", member({ user_id: "1" })],
  ["to a presence channel without an id", member("{}")],
  ["to a presence channel with a list as id", member('{"user_id":["1"]}')],
  ["to a presence channel with an object as id", member('{"user_id":{"toString":1}}')],
  ["to a presence channel with 201 characters as id", member(`{"user_id":"${"a".repeat(201)}"}`)],
  ["to a presence channel with deep data", member(deepMember(5_000))],
  ["to a presence channel by a forged signature", member('{"user_id":"1"}')],
  ["to an encrypted channel by a forged signature", signedTo("private-encrypted-a")],
];

function deepMember(depth: number): string {
  return `{"user_id":"1","user_info":${"[".repeat(depth)}${"]".repeat(depth)}}`;
}

/** Well-formed frames, other than subscriptions, that the guard accepts in no mode. */
export const refusedFrames: NamedFrames = [
  ["an event that every object has", { event: "constructor" }],
  ["the event __proto__", '{"event":"__proto__"}'],
  ["an unknown event", { event: "pusher:dance" }],
  ["an event of the broker's own", { event: "pusher_internal:subscription_succeeded" }],
  ["an event with a client event's name in it", { event: "not-client-a", channel: "private-a" }],
  ["a client event without a channel", { event: "client-" }],
  ["a client event to a list", { event: "client-a", channel: ["private-a"], data: {} }],
  ["a client event to an object", { event: "client-a", channel: { length: 1 }, data: {} }],
  ["a client event to a public channel", { event: "client-a", channel: "news", data: {} }],
  ["a client event to a user", { event: "client-a", channel: "#server-to-user-1", data: {} }],
  ["a client event to an encrypted channel", { event: "client-a", channel: "private-encrypted-a" }],
  [
    "a client event of 201 characters",
    { event: `client-${"a".repeat(194)}`, channel: "private-a" },
  ],
  [
    "a client event with deep data",
    `{"event":"client-a","channel":"private-a","data":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
  ],
];
