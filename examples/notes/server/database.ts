import postgres from "postgres";

export const sql = postgres(process.env.DATABASE_URL ?? "", { onnotice: () => {} });

export interface Viewer {
  readonly id: string;
}

/** Runs `work` in a transaction in which the policies see the viewer. */
async function as<Result>(
  mode: "read only" | "read write",
  viewer: Viewer,
  work: (tx: postgres.TransactionSql) => Promise<Result>,
): Promise<Result> {
  const result = await sql.begin(mode, async (tx) => {
    await tx`select set_config('app.viewer', ${viewer.id}, true),
                    set_config('statement_timeout', '5s', true)`;
    return { value: await work(tx) };
  });
  return result.value;
}

type Work<Result> = (tx: postgres.TransactionSql) => Promise<Result>;
export const readAs = <Result>(viewer: Viewer, work: Work<Result>) => as("read only", viewer, work);
export const writeAs = <Result>(viewer: Viewer, work: Work<Result>) =>
  as("read write", viewer, work);
