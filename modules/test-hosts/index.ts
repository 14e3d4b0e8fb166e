export { TestHosts, type TestHostsProps } from "./test-hosts";
export { type TestHostSettings } from "./schema";
