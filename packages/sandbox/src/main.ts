import { relative, resolve } from "node:path";
import { boot, type Sandbox } from "./boot.ts";
import { createConsole } from "./console.ts";
import { type Options, parseOptions, UsageError, usage } from "./options.ts";

/*
 * `npm start`: the sandbox on the command line.
 */

/** The sandbox's, once there is one. */
let now = (): number => Date.now();

const terminal = createConsole(
  (text) => void process.stdout.write(text),
  () => now(),
);

const banner = ({ apiUrl, awsUrl, functionLog }: Sandbox): string => `
Curfew is running, with Acme's people alice, bob, carol, dave and erin (@acme.example).

  API            ${apiUrl}
  AWS endpoint   ${awsUrl}   (access key "sandbox", any secret, region us-east-1)
  functions' log ${relative(process.cwd(), functionLog)}

  TOKEN=$(curl -s ${apiUrl}/sandbox/token -d '{"user":"alice@acme.example"}' | cut -d'"' -f4)
  curl -s ${apiUrl}/flows -H "authorization: Bearer $TOKEN"

Ctrl-C stops it; what is open goes on at the next start. Notifications:
`;

/** What stands in the way of a start, in words for the person who started it. */
const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "EADDRINUSE" && "port" in error)
    return `port ${error.port} is in use: stop what uses it, or start with --port 0 for free ones`;
  if ("code" in error && error.code === "EACCES" && "port" in error)
    return `port ${error.port} may not be used by you: start with --port 0 for a free one`;
  return error.message;
};

const fail = (message: string): never => {
  console.error(`curfew: ${message}`);
  process.exit(1);
};

const readOptions = (): Options => {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    if (error instanceof UsageError) return fail(`${error.message}\n\n${usage}`);
    throw error;
  }
};

const start = async (options: Options): Promise<Sandbox> => {
  // dynalite throws where nobody can catch it when its files are damaged, and so does a log that cannot be written.
  const failByState = (error: unknown): never =>
    fail(
      `${explain(error)}: the state in ${resolve(options.state)} may be damaged. Start over with --fresh, or take another directory with --state <dir>`,
    );
  process.once("uncaughtException", failByState);
  try {
    return await boot({ ...options, log: terminal, onNotification: terminal.notification });
  } catch (error) {
    return fail(explain(error));
  } finally {
    process.off("uncaughtException", failByState);
  }
};

const options = readOptions();
if (options.help) {
  terminal.print(usage);
  process.exit(0);
}

const sandbox = await start(options);
now = sandbox.now;
terminal.print(banner(sandbox));

let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) process.exit(1);
  stopping = true;
  await sandbox.close();
  process.exit(0);
};
process.on("SIGINT", () => void stop());
process.on("SIGTERM", () => void stop());
