import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { signInErrorMessage } from "@/auth/sign-in/sign-in-error.ts";
import { DemoSignIn } from "@/features/account/components/demo-sign-in.tsx";
import { GithubButton } from "@/features/account/components/github-button.tsx";
import { SignInForm } from "@/features/account/components/sign-in-form.tsx";
import { listDemoAccounts } from "@/features/account/list-demo-accounts.ts";
import { env } from "@/lib/env.ts";
import { Link } from "@/ui/link.tsx";
import { Notice } from "@/ui/notice.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { Entrance, Or } from "../entrance.tsx";
import { readParam, type SearchParams } from "../search-params.ts";
import { currentAccount } from "../viewer.ts";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  const [account, wanted, error] = await Promise.all([
    currentAccount(),
    readParam(searchParams, "next"),
    readParam(searchParams, "error"),
  ]);
  if (account !== null) redirect("/");
  const next = wanted ?? "/";
  const demo = env().demoAccounts ? await readAsViewer(listDemoAccounts) : [];
  return (
    <Entrance title="Sign in" lead="Welcome back.">
      {error !== null && <Notice className="mb-6">{signInErrorMessage(error)}</Notice>}
      {demo.length > 0 && <DemoSignIn accounts={demo} next={next} />}
      <SignInForm next={next} />
      {env().auth.github !== null && (
        <>
          <Or />
          <GithubButton next={next} />
        </>
      )}
      <p className="mt-8 border-t border-rule pt-4 text-sm text-ink-soft">
        New here?{" "}
        <Link
          href={`/sign-up?${new URLSearchParams({ next })}`}
          className="text-link font-semibold"
        >
          Create account
        </Link>
      </p>
    </Entrance>
  );
}
