import { type AppConnectorDocument } from "./document";

type Place = Pick<AppConnectorDocument, "parameters">;

/** Below it are the ids of the App Connectors, by the ids of their instances. */
export const idsOf = ({ parameters }: Place): string => `${parameters}/ids`;

/** Below it are the codes that instances show, by their ids. */
export const codesOf = ({ parameters }: Place): string => `${parameters}/codes`;

/** Below it are the ids of the instances that gave App Connectors up, by the ids of those. */
export const retiredOf = ({ parameters }: Place): string => `${parameters}/retired`;

/** Name of the parameter with the id of an instance's App Connector. */
export const idNameOf = (document: Place, instance: string): string => `${idsOf(document)}/${instance}`;

/** What a parameter is about: the last part of its name. */
export const subjectOf = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** Whether it is an id as ZPA gives them: anything else could lead a call elsewhere. */
export const isPortalId = (text: string): boolean => /^\d+$/.test(text);
