import { Link } from "@/ui/link.tsx";
import { LinkHint } from "@/ui/link-hint.tsx";
import { unreadWords } from "./unread-words.ts";

interface UnreadMessagesProps {
  readonly unread: number;
  readonly deskPath: string;
}

/** Link to a desk with the number of its unread messages. Nothing without one. */
export function UnreadMessages({ unread, deskPath }: UnreadMessagesProps) {
  if (unread === 0) return null;
  return (
    <Link href={deskPath} className="font-semibold text-link">
      {unreadWords(unread)} new {unread === 1 ? "message" : "messages"}
      <LinkHint />
    </Link>
  );
}
