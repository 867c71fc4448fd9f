/** A page can join 200 channels. Further publications change their mark with the next read. */
const watchedAtMost = 50;

/** The publications of a list whose desks are watched for new messages. Sorted, so that their order is no change. */
export const watchedDesks = (list: readonly { readonly id: string }[]): readonly string[] =>
  list
    .slice(0, watchedAtMost)
    .map(({ id }) => id)
    .sort();
