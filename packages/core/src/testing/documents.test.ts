import { memoryDocuments, memoryPageSize } from "./documents.ts";
import { documentsContract } from "./documents-contract.ts";

documentsContract("documents in memory", memoryDocuments, { pageSize: memoryPageSize });
