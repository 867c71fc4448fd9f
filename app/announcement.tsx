import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { AnnouncementBanner } from "@/features/announcements/components/announcement-banner.tsx";
import { getAnnouncement } from "@/features/announcements/get-announcement.ts";
import { announcementQuery } from "@/features/announcements/queries.ts";
import { readAsViewer } from "@/wiring/context.ts";

/** The announcement in force, read with the page. */
export async function Announcement() {
  const queryClient = new QueryClient();
  await queryClient.prefetchQuery({
    ...announcementQuery,
    queryFn: () => readAsViewer(getAnnouncement),
  });
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <AnnouncementBanner />
    </HydrationBoundary>
  );
}
