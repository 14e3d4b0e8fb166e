import { Annotations, type TerraformStack } from "cdktf";
import { type Construct } from "constructs";
import { type z } from "zod";
import { appConnectorsDeployment, type AppConnectorsSettings } from "../config/app-connectors";
import { zonesOf } from "../config/zones";
import { warningsOf } from "../config/warnings";
import { AppConnectors } from "../modules/app-connector";
import { type Nat, type Vpc } from "../modules/network/schema";
import { checkSettings, type Immutable, orToken } from "../modules/validation";
import { DeploymentStack, type ZoneRoute } from "./deployment-stack";
import { appConnectorOutputs } from "./outputs";
import { type ModuleInputs, type ZscalerStack } from "./zscaler-stack";

const schema = appConnectorsDeployment(orToken);
type Given = Immutable<z.output<typeof schema>>;
type Deployment = Omit<Given, "network" | "nat"> & { readonly network: Vpc; readonly nat: Nat };

/**
 * The app-connectors template: App Connectors of ZPA beside private applications, in subnets that lead to NAT gateways.
 *
 * Makes a `Network` and `AppConnectors`. In the VPC of another stack of the app it makes only subnets: that stack is read by its state's outputs, and
 * deployed first.
 */
export class AppConnectorsStack extends DeploymentStack<Deployment> {
  readonly appConnectors: AppConnectors;
  /** What leaves here leaves by NAT gateways: an App Connector's TLS is pinned, and no connector may inspect it. */
  readonly steering = undefined;
  readonly routes: Readonly<Record<string, ZoneRoute>> = {};

  /**
   * @param settings Gets the stack, since values that are Terraform variables need it first.
   * @param inputs Only for a stack that becomes a Terraform module.
   * @throws When the VPC is to be that of a stack of the same app, and it is not there.
   */
  constructor(
    scope: Construct,
    id: string,
    settings: (stack: ZscalerStack) => AppConnectorsSettings,
    inputs?: (stack: TerraformStack) => ModuleInputs,
  ) {
    super(scope, id, (stack) => standing(stack, checkSettings(stack, schema, settings(stack))), inputs);
    const { network, deployment } = this;
    // cdktf shows them when it has synthesized.
    for (const warning of warningsOf(deployment)) Annotations.of(this).addWarning(warning);
    this.appConnectors = new AppConnectors(this, "app_connectors", {
      ...deployment.appConnectors,
      name: this.resourceName,
      vpcId: network.vpcId,
      zones: Object.fromEntries(
        Object.entries(network.tier("connector")).map(([zone, { subnetId, egress }]) => [
          zone,
          { subnetId, egress: [...egress, ...(network.privateEndpoints?.ready ?? [])] },
        ]),
      ),
      fleet: deployment.fleet,
      portal: deployment.portal,
      operations: deployment.operations,
      tags: this.defaultTags,
      iam: deployment.iam,
    });
    this.addOutputs(appConnectorOutputs(this.appConnectors));
  }
}

/** A deployment whose VPC is known by its id: that of another stack of the app, if it names one. */
function standing(stack: ZscalerStack, { network: { deployment: hostName, ...vpc }, ...deployment }: Given): Deployment {
  if (hostName === undefined) return { ...deployment, network: vpc };
  const host = stack.node.scope?.node.tryFindChild(hostName);
  if (!(host instanceof DeploymentStack)) {
    throw new Error(`${stack.node.path}.network.deployment: the app has no stack ${hostName} yet: make it first`);
  }
  return host.takeIn(stack, { ...deployment, network: vpc }, Object.keys(zonesOf(deployment.region, deployment.zones)));
}
