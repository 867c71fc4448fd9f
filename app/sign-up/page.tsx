import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignUpForm } from "@/features/account/components/sign-up-form.tsx";
import { Link } from "@/ui/link.tsx";
import { Entrance } from "../entrance.tsx";
import { readParam, type SearchParams } from "../search-params.ts";
import { currentAccount } from "../viewer.ts";

export const metadata: Metadata = { title: "Create account" };

export default async function SignUpPage({ searchParams }: { searchParams: SearchParams }) {
  const [account, wanted] = await Promise.all([currentAccount(), readParam(searchParams, "next")]);
  if (account !== null) redirect("/");
  const next = wanted ?? "/";
  return (
    <Entrance title="Join Inkwell" lead="Comment, reply, and get notified of replies.">
      <SignUpForm next={next} />
      <p className="mt-8 border-t border-rule pt-4 text-sm text-ink-soft">
        Already a member?{" "}
        <Link
          href={`/sign-in?${new URLSearchParams({ next })}`}
          className="text-link font-semibold"
        >
          Sign in
        </Link>
      </p>
    </Entrance>
  );
}
