import { type AppConnectorDocument } from "./document";
import { idNameOf, isPortalId } from "./parameters";
import { type Ports } from "./ports";

/**
 * Which App Connector an instance is, as it published it. Undefined: it did not, or what it published is no id.
 *
 * @throws CallFailed
 */
export async function idOf(instance: string, document: AppConnectorDocument, { aws }: Ports): Promise<string | undefined> {
  const id = (await aws.parameter(idNameOf(document, instance)))?.value;
  return id !== undefined && isPortalId(id) ? id : undefined;
}
