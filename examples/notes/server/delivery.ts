import { deliverByBroker } from "./broker.ts";
import { deliverByStreams } from "./streams.ts";

/** An application needs one of the two. This example delivers over streams when it has no broker. */
export const { broker, relay } = process.env.PUSHER_APP_ID ? deliverByBroker() : deliverByStreams();
