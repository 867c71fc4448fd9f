"use client";

import { useState } from "react";
import { fetchJson } from "@/lib/http/fetch-json.ts";
import { Button } from "@/ui/forms/button.tsx";
import { Notice } from "@/ui/notice.tsx";

/** Starts sign-in with GitHub. The route requires a POST with a token, so that a link cannot start it. */
export function GithubButton({ next }: { next: string }) {
  const [hasFailed, setHasFailed] = useState(false);
  const start = async () => {
    setHasFailed(false);
    const response = await fetchJson<{ csrfToken: string }>("/api/auth/csrf").catch(() => null);
    if (response === null) return setHasFailed(true);
    const { csrfToken } = response;
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/api/auth/signin/github";
    for (const [name, value] of Object.entries({ csrfToken, callbackUrl: next })) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(form);
    form.submit();
  };
  return (
    <>
      <Button look="quiet" className="w-full" onClick={() => void start()}>
        Continue with GitHub
      </Button>
      {hasFailed && <Notice className="mt-3">GitHub cannot be reached. Try again.</Notice>}
    </>
  );
}
