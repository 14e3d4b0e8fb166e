import { type InternetGateway } from "./aws-network";
import { fail, pass, type Verdict } from "./check";
import { type ExistingNetwork } from "./request";

/** Whether the VPC has the internet gateway that is named, or none where one is made: AWS attaches one to a VPC. */
export function judgeInternetGateway({ vpc, tag, internetGateway }: ExistingNetwork, gateways: readonly InternetGateway[]): Verdict {
  const attached = gateways.find(({ vpcs }) => vpcs.includes(vpc));
  if (internetGateway === "make") {
    if (attached === undefined) return pass(`${vpc} has none yet`);
    return tag in attached.tags
      ? pass(`${attached.id} is this deployment's own`)
      : fail(
          `${attached.id} is attached to ${vpc}, which takes no second one`,
          `name it: internetGateway: { existing: { id: ${attached.id} } }`,
        );
  }
  const named = internetGateway?.id ?? "";
  return attached?.id === named
    ? pass(`${named} is attached to ${vpc}`)
    : fail(
        `${named} is not attached to ${vpc}`,
        attached === undefined ? "attach it, or name the VPC that it is attached to" : `name the one that is: ${attached.id}`,
      );
}
