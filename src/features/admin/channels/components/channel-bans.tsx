"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { AppError } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import type { Names } from "@/lib/text/names.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { ChannelName, IdName } from "@/ui/data/id-name.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { SubmitForm } from "@/ui/forms/controls.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { Notice } from "@/ui/notice.tsx";
import { banChannelAction, liftChannelBanAction } from "../actions.ts";
import { rolloutKeys } from "../keys.ts";
import type { ChannelBan } from "../schema.ts";

interface ChannelBansProps {
  readonly bans: readonly ChannelBan[];
  readonly names: Names;
}

/** Channel bans: the pages stay readable, but signals are not delivered. */
export function ChannelBans({ bans, names }: ChannelBansProps) {
  const queryClient = useQueryClient();
  const reread = () => queryClient.invalidateQueries({ queryKey: rolloutKeys.settings });
  const lift = useMutation({
    mutationFn: (banId: string) => unwrapAction((stamp) => liftChannelBanAction(stamp, { banId })),
    onSettled: reread,
  });
  return (
    <section className="mt-12">
      <SectionTitle>Channel bans</SectionTitle>
      <p className="mt-4 max-w-[60ch] text-sm text-ink-soft">
        A banned person can still read the pages, but receives no live updates.
      </p>
      <BanForm onBanned={reread} />
      {lift.error && <Notice className="mt-4">{lift.error.message}</Notice>}
      <ul className="mt-6 divide-y divide-rule">
        {bans.map(({ id, userId, channel, reason, createdAt }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
            <div className="min-w-0 text-sm">
              <p>
                {userId === null ? (
                  "All people"
                ) : (
                  <IdName id={userId} names={names} type="person" />
                )}{" "}
                from{" "}
                {channel === null ? "every channel" : <ChannelName name={channel} names={names} />}
              </p>
              <p className="text-xs text-ink-faint">
                <RelativeTime at={createdAt} />
                {reason !== "" && `: ${reason}`}
              </p>
            </div>
            <ActionButton
              look="quiet"
              size="sm"
              aria-disabled={lift.isPending}
              onClick={() => lift.mutate(id)}
            >
              Lift<span className="sr-only"> the ban from {channel ?? "every channel"}</span>
            </ActionButton>
          </li>
        ))}
      </ul>
      <CutNote rows={bans}>The newest {listedAtMost} bans are shown.</CutNote>
    </section>
  );
}

const empty = { channel: "", person: "", reason: "" };

function BanForm({ onBanned }: { onBanned: () => Promise<void> }) {
  const [ban, setBan] = useState(empty);
  const add = useMutation({
    mutationFn: ({ channel, person, reason }: typeof empty) =>
      unwrapAction((stamp) =>
        banChannelAction(stamp, {
          channel: channel.trim() || null,
          person: person.trim() || null,
          reason,
        }),
      ),
    onSuccess: async (_done, sent) => {
      setBan((typed) => (typed === sent ? empty : typed));
      await onBanned();
    },
  });
  const errors = add.error instanceof AppError ? add.error.fieldErrors : {};
  const field = (name: keyof typeof empty) => ({
    name,
    value: ban[name],
    errors: errors[name],
    onChange: (event: { target: { value: string } }) =>
      setBan((before) => ({ ...before, [name]: event.target.value })),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!add.isPending) add.mutate(ban);
  };
  return (
    <SubmitForm onSubmit={onSubmit} noValidate className="mt-4 grid gap-4 sm:grid-cols-3">
      <TextField
        label="Channel"
        hint="e.g. tag.<tagId>. Leave empty for all channels."
        {...field("channel")}
      />
      <TextField label="Person" hint="Handle. Leave empty for all people." {...field("person")} />
      <TextField label="Reason" maxLength={500} {...field("reason")} />
      <div className="sm:col-span-3">
        <ActionButton type="submit" look="quiet" size="sm" aria-disabled={add.isPending}>
          {add.isPending ? "Banning…" : "Ban from channel"}
        </ActionButton>
        {add.error && <Notice className="mt-3">{add.error.message}</Notice>}
      </div>
    </SubmitForm>
  );
}
