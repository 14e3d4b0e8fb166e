export { EdgeRoutes, type EdgeRoutesProps } from "./edge-routes";
export { importOf } from "./former-target";
export { type SteeredRoute, type SteeredTarget, Steering, type SteeringProps } from "./steering";
