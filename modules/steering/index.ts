export { type SteeredRoute, Steering, type SteeringProps } from "./steering";
