/** dynalite has no types of its own: this is the part of it that the sandbox uses. */
declare module "dynalite" {
  import type { Server } from "node:http";

  export interface Options {
    /** Directory of the files; without it everything is in memory. */
    path?: string;
    /** Milliseconds a table is CREATING. */
    createTableMs?: number;
  }

  const dynalite: (options?: Options) => Server;
  export default dynalite;
}
