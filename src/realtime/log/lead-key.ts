/** Names the lead among advisory locks: any number, the same for every relay of one database. */
export const leadKey = 7_246_002;
