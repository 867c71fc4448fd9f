"use client";

import type { ComponentProps } from "react";
import { CommentThread } from "@/features/comments/components/comment-thread.tsx";
import { FollowButton } from "@/features/follows/components/follow-button.tsx";
import { ReactionMenu } from "@/features/reactions/components/reaction-menu.tsx";
import { useCanAct } from "@/ui/data/use-page-status.ts";

type DiscussionThreadProps = Omit<ComponentProps<typeof CommentThread>, "aside" | "extras">;

/** A thread with a follow button and with reactions on its comments. */
export function DiscussionThread(props: DiscussionThreadProps) {
  const { pageRef } = props;
  const canAct = useCanAct();
  const viewer = canAct ? props.viewer : null;
  return (
    <CommentThread
      {...props}
      aside={viewer && <FollowButton page={pageRef} userId={viewer.id} />}
      extras={(comment, view) => (
        <ReactionMenu
          page={pageRef}
          view={view}
          reactable={{ reactableType: "comment", reactableId: comment.id }}
          viewerId={viewer?.id ?? null}
          authorName={comment.author?.name ?? ""}
        />
      )}
    />
  );
}
