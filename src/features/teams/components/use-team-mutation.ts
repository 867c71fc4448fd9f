"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { liveMutation } from "querycast";
import type { ActionResult } from "@/lib/errors/action-result.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";

type Action<Input, Value> = (
  stamp: PageStamp,
  input: Input,
  origin?: string,
) => Promise<ActionResult<Value>>;

/** Calls an action, then reads the queries with these keys again. Signals do the same in other tabs. */
export function useTeamMutation<Input, Value>(
  action: Action<Input, Value>,
  keys: readonly (readonly unknown[])[],
) {
  const queryClient = useQueryClient();
  return useMutation(
    liveMutation({
      mutationFn: (input: Input, { origin }) =>
        unwrapAction((stamp) => action(stamp, input, origin)),
      onSettled: () =>
        Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
    }),
  );
}
