import { type OutgoingSignal, signal } from "querycast";
import { notifications } from "./live.ts";

export const notificationCreated = (userId: string, notificationId: string): OutgoingSignal =>
  signal(notifications.channels.user({ userId }), "notification.created", { notificationId });

export const notificationRead = (userId: string, notificationId: string): OutgoingSignal =>
  signal(notifications.channels.user({ userId }), "notification.read", { notificationId });

export const allNotificationsRead = (userId: string): OutgoingSignal =>
  signal(notifications.channels.user({ userId }), "notification.all-read");
