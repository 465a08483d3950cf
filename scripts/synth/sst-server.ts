/**
 * The part of SST's CLI that its components talk to over JSON-RPC while they are evaluated.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { Build } from "./evaluation.ts";

const Request = z.object({ method: z.string(), params: z.tuple([z.unknown()]) });

/**
 * Serves SST's components on a free loopback port.
 *
 * Bundles are answered with one constant file: with real ones every edit of a source would change the
 * graph, and the sandbox makes its own.
 *
 * @param directory where the constant bundle may be written.
 */
export const startSstServer = async (directory: string) => {
  const builds: Build[] = [];
  const out = join(directory, "bundle");
  mkdirSync(out, { recursive: true });

  const methods: Record<string, (parameters: unknown) => unknown> = {
    "Provider.Aws.Bootstrap": () => ({ asset: "sst-asset", state: "sst-state" }),
    "Runtime.Build": (parameters) => {
      const build = Build.parse(parameters);
      builds.push(build);
      const handler = basename(build.handler);
      writeFileSync(join(out, "index.mjs"), "export {};\n");
      return { handler, out, errors: [], sourcemaps: [] };
    },
  };

  const server = createServer(async (request, response) => {
    const { method, params } = Request.parse(JSON.parse(await text(request)));
    const answer = methods[method];
    response.end(
      JSON.stringify(
        answer ? { result: answer(params[0]) } : { error: `rpc: can't find ${method}` },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = z.object({ port: z.number() }).parse(server.address());
  return { url: `http://127.0.0.1:${address.port}`, builds, close: () => server.close() };
};
