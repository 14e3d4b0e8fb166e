export { type SteeredTable, Steering, type SteeringProps } from "./steering";
