/**
 * Name of the event that ends the use of a wire name. It is sent on the old wire name after a revocation.
 * Clients then join again; the route gives the new wire name only to viewers who may still read.
 */
export const movedEvent = "querycast.moved";
