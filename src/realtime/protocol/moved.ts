/**
 * The one event that is no signal: "this name is given up, join anew". Sent on the wire name of before,
 * after a revocation. Whoever may still read is told the new name by the route, and nobody else is.
 */
export const movedEvent = "querycast.moved";
