"use client";

import { count } from "@/lib/text/text.ts";
import { Button } from "@/ui/forms/button.tsx";
import { CommentItem } from "./comment-item.tsx";
import { ReplyFold } from "./reply-fold.tsx";
import { levelsShown, type ThreadNode } from "./thread.ts";
import { useThread } from "./thread-context.ts";

/** A list of comments of one level, with the levels below it. */
export function ThreadBranch({ nodes }: { nodes: readonly ThreadNode[] }) {
  const isRoot = nodes[0]?.depth === 0;
  return (
    <ol className={isRoot ? "space-y-8" : "space-y-3"}>
      {nodes.map((node) => (
        <li key={node.comment.id}>
          <CommentItem comment={node.comment} />
          <MissingReplies commentId={node.comment.id} />
          <Replies node={node} />
        </li>
      ))}
    </ol>
  );
}

/** Opens all replies of a long branch, of which the page holds the newest. */
function MissingReplies({ commentId }: { commentId: string }) {
  const { folded, showBranch } = useThread();
  const missing = folded[commentId];
  if (missing === undefined) return null;
  return (
    <Button look="bare" size="inline" className="mt-2" onClick={() => showBranch(commentId)}>
      Show {count(missing, "older reply", "older replies")}
    </Button>
  );
}

/** Replies, indented down to the last level and folded below it. */
function Replies({ node }: { node: ThreadNode }) {
  if (node.replies.length === 0) return null;
  if (node.depth + 1 >= levelsShown) return <ReplyFold node={node} />;
  return (
    <div className="mt-3 ml-1 border-l border-rule pl-4 sm:ml-3.5 sm:pl-6">
      <ThreadBranch nodes={node.replies} />
    </div>
  );
}
