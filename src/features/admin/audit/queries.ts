import { infiniteQueryOptions } from "@tanstack/react-query";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { auditKeys } from "./keys.ts";
import type { AuditFilter, AuditPage } from "./schema.ts";

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: auditKeys.list(filter),
    queryFn: ({ pageParam, signal }) =>
      fetchJson<AuditPage>(
        withParams("/api/admin/audit", {
          ...filter,
          before: filter.before?.toString(),
          after: pageParam?.toString(),
        }),
        signal,
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
  });
