export { type BootOptions, boot, type Sandbox } from "./boot.ts";
