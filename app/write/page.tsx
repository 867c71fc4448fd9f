import { randomUUID } from "node:crypto";
import type { Metadata } from "next";
import { WritingDesk } from "./writing-desk.tsx";

export const metadata: Metadata = { title: "Write" };

export default function NewArticlePage() {
  return <WritingDesk articleId={randomUUID()} isNew />;
}
