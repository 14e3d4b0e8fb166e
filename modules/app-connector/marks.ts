/** Key of the tag of every App Connector's instance. Its value is the deployment's name. */
export const tagKey = "zscaler-app-connectors";

/** How far answers of instance metadata travel: as far as in Zscaler's Auto Scaling template. */
export const metadataHops = 2;

/** Where in Parameter Store the instances of a deployment publish what they are. */
export const parametersOf = (name: string): string => `/zscaler/app-connectors/${name}`;
