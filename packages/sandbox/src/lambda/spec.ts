/** A function that can be run: one of the deployment, or a customer's one of the seeds. */
export interface FunctionSpec {
  name: string;
  arn: string;
  description: string;
  /** ARN of the execution role. */
  role: string;
  runtime: string;
  /** Seconds. */
  timeout: number;
  /** MB. */
  memory: number;
  /** The bundle, and the export in it that is the handler. */
  file: string;
  exportName: string;
  /** Everything but the role's credentials. Asked for when a worker is started: the endpoint's port is not known before it listens. */
  environment(): Readonly<Record<string, string>>;
}

/** `…:function:name:alias` without its qualifier; an ARN without one is answered as it is. */
export const unqualified = (functionArn: string): string =>
  functionArn.split(":").slice(0, 7).join(":");
