/** The signed-in person, as the page's header shows them. */
export interface Account {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
}
