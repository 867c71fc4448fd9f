import { type OutgoingSignal, signal } from "querycast";
import { channels } from "@/channels/index.ts";

export const notificationCreated = (userId: string, notificationId: string): OutgoingSignal =>
  signal(channels.user({ userId }), "notification.created", { notificationId });

export const notificationRead = (userId: string, notificationId: string): OutgoingSignal =>
  signal(channels.user({ userId }), "notification.read", { notificationId });

export const allNotificationsRead = (userId: string): OutgoingSignal =>
  signal(channels.user({ userId }), "notification.all-read");
