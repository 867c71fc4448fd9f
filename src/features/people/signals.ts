import { type OutgoingSignal, signal } from "querycast";
import { userCard } from "./live.ts";

export const profileUpdated = (userId: string): OutgoingSignal =>
  signal(userCard.channels.profile({ userId }), "profile.updated");
