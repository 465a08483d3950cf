export {
  type AcceptedChange,
  type AccessApi,
  type AccessService,
  type Assignment,
  accessService,
  assignmentKey,
  Conflict,
  type OperationState,
} from "./access-service.ts";
export {
  aConfig,
  aConfigInput,
  aLease,
  alice,
  anAccess,
  aRequest,
  bob,
  carol,
  type FlowInput,
  groups,
  mallory,
} from "./builders.ts";
export { noon, type VirtualClock, virtualClock } from "./clock.ts";
export { type MemoryDocuments, memoryDocuments, memoryPageSize } from "./documents.ts";
export { documentsContract, type MakeStore } from "./documents-contract.ts";
export { endAccess, grantAccess } from "./drive.ts";
export { assignmentOf, fakeDefinition, fakeKey, fakeStrategy } from "./fake-strategy.ts";
export {
  Crash,
  createFaults,
  type Fault,
  type FaultHook,
  type Faults,
  faultAt,
  faultOf,
  noFaults,
  type PortCall,
  withEveryFault,
} from "./faults.ts";
export { requestId, sequentialIds } from "./ids.ts";
export { type Hold, heldAt, heldAtEveryCall, outcome, untilDone } from "./interleave.ts";
export {
  type FakeSchedules,
  type FakeWorkflow,
  fakeDirectory,
  fakePublisher,
  fakeSchedules,
  fakeWorkflow,
  type LogEntry,
  memoryLog,
} from "./ports.ts";
export { aWorld, type Reach, type World, type WorldOptions } from "./world.ts";
