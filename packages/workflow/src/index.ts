export type { StateMachineDefinition } from "./asl.ts";
export {
  buildDefinition,
  strategyFunctions,
  type WorkflowFunction,
  workflowFunctions,
} from "./definition.ts";
export { renderDiagram } from "./diagram.ts";
export { ExecutionEnded, ScheduleEvent } from "./events.ts";
export {
  DeescalateInput,
  DeescalateResult,
  Entry,
  EscalateResult,
  ExpirySignal,
  ExpiryTaskInput,
  MinuteTaskInput,
  TaskInput,
  TimeoutSeconds,
  TokenTaskInput,
  WorkflowInput,
} from "./schemas.ts";
export { stateNames } from "./states.ts";
