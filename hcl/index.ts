export { Inexpressible } from "./syntax/json";
export { writeStack, type WriteOptions } from "./write-stack";
export { NotOurs, writeFolder } from "./module/folder";
export { moduleFiles, type ModuleFiles, type ModuleKind, type ModuleProps } from "./module/module";
