export { functionCode } from "./code";
export { Trigger, type TriggerProps } from "./trigger";
export { UpkeepFunction, type UpkeepFunctionProps, type UpkeepNames } from "./upkeep-function";
