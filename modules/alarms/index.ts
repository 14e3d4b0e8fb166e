export { type Alarm, raiseAlarms } from "./alarm";
export { AlarmTopic } from "./alarm-topic";
export { functionAlarms, messagesIn } from "./function-alarms";
