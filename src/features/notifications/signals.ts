import { type OutgoingSignal, signal } from "querycast";
import { channels } from "@/channels/channels.ts";

export const notificationRead = (userId: string, notificationId: string): OutgoingSignal =>
  signal(channels.user({ userId }), "notification.read", { notificationId });

export const allNotificationsRead = (userId: string): OutgoingSignal =>
  signal(channels.user({ userId }), "notification.all-read");
