export { type Alarm, raiseAlarms } from "./alarm";
export { AlarmTopic } from "./alarm-topic";
