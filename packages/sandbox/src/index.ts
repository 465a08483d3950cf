export { type BootOptions, boot, type Sandbox } from "./boot.ts";
export { seenByStacks } from "./configuration.ts";
