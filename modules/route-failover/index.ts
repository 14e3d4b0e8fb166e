export { type MovedRoute, RouteFailover, type RouteFailoverProps, type WatchedConnector } from "./route-failover";
export { type FailoverSettings } from "./schema";
