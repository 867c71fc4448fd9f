/** Key of the advisory lock that the leading relay holds. An arbitrary number. */
export const leadKey = 7_246_002;
