import type { Broker, Delivery } from "querycast/server";

/** Number of deliveries that can be repeated: enough to reach clients, few enough to be recent. */
const rememberedDeliveries = 30;

/** Remembers the last deliveries of one or more brokers, in the order in which they were accepted. */
export function rememberDeliveries() {
  const recent: Delivery[] = [];
  return {
    remembering: <Kind extends Broker>(broker: Kind): Kind => ({
      ...broker,
      publish: async (deliveries) => {
        await broker.publish(deliveries);
        recent.push(...deliveries);
        recent.splice(0, recent.length - rememberedDeliveries);
      },
    }),
    /** Publishes them again to a broker, in reverse order. */
    repeat: (broker: Broker) => broker.publish(recent.toReversed()),
  };
}
