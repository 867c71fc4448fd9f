import { type OutgoingSignal, signal } from "querycast";
import { channels } from "@/channels/index.ts";

export const profileUpdated = (userId: string): OutgoingSignal =>
  signal(channels.profile({ userId }), "profile.updated");
