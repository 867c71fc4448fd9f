import { SkeletonList } from "@/ui/skeleton.tsx";

export default function Loading() {
  return (
    <div className="mx-auto max-w-3xl">
      <p aria-hidden className="mb-8 font-serif text-3xl font-medium tracking-tight">
        Notifications
      </p>
      <div className="border-t-2 border-ink">
        <SkeletonList label="Your notifications are being read" rows={6} />
      </div>
    </div>
  );
}
