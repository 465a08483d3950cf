import { UsageError } from "./stage-options.ts";

/** How a script speaks to the person who runs it. */
export interface CommandLine<T> {
  options: T;
  /** Says what went wrong, and ends the script. */
  fail(message: string): never;
}

/** Reads what was typed. Ends the script after `--help`, or with what is wrong and the usage. */
export const commandLine = <T extends { help: boolean }>(
  name: string,
  usage: string,
  parse: (args: readonly string[]) => T,
): CommandLine<T> => {
  const fail = (message: string): never => {
    console.error(`${name}: ${message}`);
    process.exit(1);
  };
  const read = (): T => {
    try {
      return parse(process.argv.slice(2));
    } catch (error) {
      if (error instanceof UsageError) return fail(`${error.message}\n\n${usage}`);
      throw error;
    }
  };
  const options = read();
  if (options.help) {
    console.log(usage);
    process.exit(0);
  }
  return { options, fail };
};
