/**
 * Stops a command that was started on too old a Node, with a message that says what to do.
 *
 * Loaded before everything else (`node --import ./scripts/node-version.mjs …`), and written in plain
 * JavaScript, because an older Node cannot read a single TypeScript file.
 */

/** The oldest major version that runs Curfew: the one that its Lambda functions run on. */
const REQUIRED_MAJOR = 24;

/**
 * Says what is wrong with a Node version and how to get a better one.
 *
 * @param {string} version such as `20.20.2`, as in `process.versions.node`
 * @param {string} executable the path of that Node
 * @returns {string | undefined} nothing when the version will do
 */
export function complainAbout(version, executable) {
  const major = Number.parseInt(version, 10);
  if (major >= REQUIRED_MAJOR) return undefined;
  return [
    `Curfew needs Node ${REQUIRED_MAJOR}, but this is Node ${version} (${executable}).`,
    `Nothing has to be installed by hand: \`npm ci\` brings Node ${REQUIRED_MAJOR} along, and npm scripts run on it.`,
    "  1. npm ci",
    "  2. npm start        (or npm test, npm run check, npm run synth)",
    "If you did so and still read this, install scripts were switched off: run `npm rebuild node`.",
  ].join("\n");
}

const complaint = complainAbout(process.versions.node, process.execPath);
if (complaint) {
  console.error(complaint);
  process.exit(1);
}
