export interface Person {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly bio: string;
  readonly joinedAt: string;
}
