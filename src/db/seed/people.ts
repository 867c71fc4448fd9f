/** The people of the seed. None of them exists. */
export interface Person {
  readonly handle: string;
  readonly name: string;
  readonly role: "reader" | "author" | "admin";
  readonly bio: string;
  readonly joinedDaysAgo: number;
  /** Later notifications are unread. */
  readonly lastVisitHoursAgo: number;
}

export const people: readonly Person[] = [
  {
    handle: "maren",
    name: "Maren Tollvik",
    role: "author",
    bio: "Databases, mostly the one. I read query plans the way other people read the weather, and I am about as good at changing it.",
    joinedDaysAgo: 412,
    lastVisitHoursAgo: 60,
  },
  {
    handle: "ikenna",
    name: "Ikenna Obasiri",
    role: "author",
    bio: "I write types so that I can forget things, and tests so that I may. Formerly a piano tuner; the ear for what is slightly off stayed.",
    joinedDaysAgo: 388,
    lastVisitHoursAgo: 40,
  },
  {
    handle: "teodora",
    name: "Teodora Vancelli",
    role: "author",
    bio: "Typographer by training, front-end engineer by accident. I count characters in lines and put my mouse into a drawer once a year.",
    joinedDaysAgo: 365,
    lastVisitHoursAgo: 90,
  },
  {
    handle: "joss",
    name: "Joss Ardenfield",
    role: "author",
    bio: "I keep things running: servers, scripts, a 1974 bicycle. Believes that the best release notes are short and the best pager is silent.",
    joinedDaysAgo: 401,
    lastVisitHoursAgo: 72,
  },
  {
    handle: "odile",
    name: "Odile Brackwater",
    role: "admin",
    bio: "Editor and gardener of Inkwell. Asks which mutex you mean. Will suggest cutting the first paragraph.",
    joinedDaysAgo: 430,
    lastVisitHoursAgo: 50,
  },
  {
    handle: "pim",
    name: "Pim Ketteridge",
    role: "reader",
    bio: "Second year as a developer. I try every example, and then I write down what went wrong.",
    joinedDaysAgo: 140,
    lastVisitHoursAgo: 66,
  },
  {
    handle: "saanvi",
    name: "Saanvi Dhulekar",
    role: "reader",
    bio: "On call for a payment system; here to learn how other people sleep. Pune and occasionally the 02:15 to nowhere.",
    joinedDaysAgo: 233,
    lastVisitHoursAgo: 30,
  },
  {
    handle: "lou",
    name: "Lou Fenwright",
    role: "reader",
    bio: "Teaches web design at an evening school. Collects words for things that had none.",
    joinedDaysAgo: 177,
    lastVisitHoursAgo: 24,
  },
];
