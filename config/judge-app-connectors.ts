import { type AppConnectorCase, judgeAppConnectorFleet } from "../modules/app-connector/schema";
import { type JudgeTemplate, type Parts } from "./judge-deployment";
import { type PathFinding } from "./path-finding";

/** The App Connectors of a deployment, and what of the deployment they depend on. */
export const appConnectorCase = ({
  zones,
  fleet,
  appConnectors,
  portal,
}: {
  readonly zones: readonly string[];
  readonly fleet: AppConnectorCase["fleet"];
  readonly appConnectors: Pick<AppConnectorCase, "enrollment" | "addresses">;
  readonly portal: unknown;
}): AppConnectorCase => ({
  fleet,
  zones,
  enrollment: appConnectors.enrollment,
  addresses: appConnectors.addresses,
  portal: portal !== undefined,
});

/** What is wrong with a deployment of App Connectors. */
export const judgeAppConnectors: JudgeTemplate = (parts, { portal }) => [
  ...judgeFleet(parts, portal),
  ...judgeSubnets(parts),
  ...judgeSecurityGroup(parts),
];

function judgeFleet({ zones, appConnectorFleet: fleet, appConnectors }: Parts, portal: unknown): readonly PathFinding[] {
  if (!fleet || !appConnectors) return [];
  return judgeAppConnectorFleet(appConnectorCase({ zones, fleet, appConnectors, portal })).map(({ at, ...finding }) => ({
    path: at,
    ...finding,
  }));
}

/** Applications have their own subnets: what is made here leads past them to a NAT gateway. */
const judgeSubnets = ({ subnets }: Parts): readonly PathFinding[] =>
  subnets?.workloads === "perZone"
    ? [
        {
          path: ["subnets", "workloads"],
          problem: "the template makes no subnets for workloads",
          fix: "leave it out: put workloads into a network, base or ha deployment, and name it in network.deployment",
        },
      ]
    : [];

const judgeSecurityGroup = ({ network, appConnectors }: Parts): readonly PathFinding[] =>
  network?.create && appConnectors?.securityGroup.existing
    ? [
        {
          path: ["appConnectors", "securityGroup", "existing"],
          problem: "a VPC that is made has no security groups that exist",
          fix: "name the VPC that has them in network.existing, or leave appConnectors.securityGroup.existing out",
        },
      ]
    : [];
