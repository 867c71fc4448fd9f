"use client";

import { useQuery } from "@tanstack/react-query";
import { cn } from "@/lib/cn.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { Button } from "@/ui/forms/button.tsx";
import { BellPlus, BellRing } from "@/ui/icons.ts";
import { followStatusQuery } from "../queries.ts";
import { useFollow } from "./use-follow.ts";

interface FollowButtonProps {
  readonly page: ResourceRef;
  readonly userId: string;
}

/** Follows or unfollows a discussion. */
export function FollowButton({ page, userId }: FollowButtonProps) {
  const { data: isFollowed = false } = useQuery(followStatusQuery(page, userId));
  const { mutate, isError } = useFollow(page, userId);
  return (
    <span className="flex items-center gap-3">
      {isError && (
        <span role="alert" className="text-xs text-danger">
          The change was not saved. Try again.
        </span>
      )}
      <Button
        look="bare"
        size="sm"
        aria-pressed={isFollowed}
        title={isFollowed ? "You get notified of new comments" : "Get notified of new comments"}
        className={cn("-mr-3 min-w-26 justify-end", isFollowed && "text-accent")}
        onClick={() => mutate(!isFollowed)}
      >
        {isFollowed ? <BellRing aria-hidden /> : <BellPlus aria-hidden />}
        {isFollowed ? "Following" : "Follow"}
        <span className="sr-only"> this discussion</span>
      </Button>
    </span>
  );
}
