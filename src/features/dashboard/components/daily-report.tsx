"use client";

import { useQuery } from "@tanstack/react-query";
import { useMessages } from "querycast/react";
import { channels } from "@/channels/index.ts";
import { count } from "@/lib/text/text.ts";
import { reportQuery } from "../queries.ts";
import { dayInWords } from "./report-day.ts";

/** The newest daily report in one line. */
export function DailyReport({ userId }: { userId: string }) {
  const { data, refetch } = useQuery(reportQuery);
  useMessages(channels.report({ userId }), () => void refetch());
  if (data == null) return null;
  const { day, views, comments, reactions } = data;
  const figures = [count(views, "view"), count(comments, "comment"), count(reactions, "reaction")];
  return (
    <p id="report" className="mb-8 text-sm text-ink-soft">
      <span className="font-semibold text-ink">Report of {dayInWords(day)}:</span>{" "}
      {figures.join(", ")}.
    </p>
  );
}
