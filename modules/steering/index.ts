export { type SteeredRoute, type SteeredTarget, Steering, type SteeringProps } from "./steering";
