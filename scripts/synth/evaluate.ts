/**
 * Runs inside the bundle that bundle.ts makes, in a process of its own: SST's components use globals, the
 * working directory and Pulumi's one runtime.
 */
import type { Evaluation, Resource } from "./evaluation.ts";
import { answerCall, createResource, type NewResource } from "./mocks.ts";
import { startSstServer } from "./sst-server.ts";

interface App {
  name: string;
  removal: string;
  protect?: boolean;
}

/** What the bundle's entry brings along: SST's and Pulumi's modules, which are no types of this project. */
interface Modules {
  aws: unknown;
  sst: unknown;
  config: { app(input: { stage: string }): App; run(): Promise<unknown> };
  run(program: () => Promise<unknown>): Promise<unknown>;
  runtime: {
    setMocks(
      mocks: {
        newResource(resource: NewResource): { id: string; state: Record<string, unknown> };
        call(call: { token: string; inputs: unknown }): Record<string, unknown>;
      },
      project: string,
      stack: string,
      preview: boolean,
    ): Promise<void>;
    runInPulumiStack(program: () => Promise<unknown>): Promise<unknown>;
    disconnect(): Promise<void>;
  };
}

/** The globals that bundle.ts sets before SST's modules are loaded. */
declare const $app: { stage: string };
declare const $cli: { paths: { work: string } };

/** The upload of a function's bundle, which is a constant here (sst-server.ts). */
const bundleUpload = "aws:s3/bucketObjectv2:BucketObjectv2";

/**
 * Evaluates the configuration's `run`, and collects every AWS resource it declares.
 *
 * @throws Error as SST's components do for a mistake in the stacks.
 */
export const evaluate = async (modules: Modules): Promise<Evaluation> => {
  const { aws, sst, config, run, runtime } = modules;
  const server = await startSstServer($cli.paths.work);
  process.env.SST_SERVER = server.url;

  const { stage } = $app;
  const app = config.app({ stage });
  Object.assign($app, app);
  Object.assign(globalThis, { aws, sst });

  const resources: Resource[] = [];
  const newResource = (resource: NewResource) => {
    const { id, outputs } = createResource(resource);
    const state = { ...resource.inputs, ...outputs };
    const { type, name } = resource;
    if (type.startsWith("aws:") && type !== bundleUpload)
      resources.push({ type, name, id, properties: state });
    return { id, state };
  };
  const call = ({ token, inputs }: { token: string; inputs: unknown }) => answerCall(token, inputs);

  await runtime.setMocks({ newResource, call }, app.name, stage, false);
  await runtime.runInPulumiStack(() => run(() => config.run()));
  await runtime.disconnect();
  server.close();
  return { app: app.name, resources, builds: server.builds };
};
