import { publicHandler } from "../http/api-handler.ts";
import { apiDocument } from "../openapi/document.ts";

/** `GET /openapi.json` */
export const handler = publicHandler(() => ({ status: 200, body: apiDocument() }));
