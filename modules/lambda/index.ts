export { functionCode } from "./code";
export { Trigger, type TriggerProps } from "./trigger";
