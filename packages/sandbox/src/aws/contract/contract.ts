import type { World } from "./world.ts";

/** What one operation must do when an unmodified SDK client calls it. */
export interface Promised {
  /** Calls it as its users do, and looks at the answer. */
  answers(world: World): Promise<void>;
  /** By the exception's name: a call that must meet with it. */
  refuses: Readonly<Record<string, (world: World) => Promise<unknown>>>;
}

/** Every operation of a service that the sandbox offers. */
export type Contract = Readonly<Record<string, Promised>>;

/** One list: all of it, asked for a number of items at a time. */
export interface PagedList {
  operation: string;
  /** The SDK's paginators write into the input they are given: each call needs one of its own. */
  pages(world: World, pageSize: number): AsyncIterable<object>;
  /** The member of a page that holds its items. */
  member: string;
}
