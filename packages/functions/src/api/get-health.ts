import { publicHandler } from "../http/api-handler.ts";

/** `GET /health` */
export const handler = publicHandler(() => ({ status: 200, body: { status: "ok" } }));
