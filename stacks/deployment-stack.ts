import { DataAwsAvailabilityZone } from "@cdktf/provider-aws/lib/data-aws-availability-zone";
import { type TerraformRemoteState, type TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { type NetworkDeployment } from "../config/interface-steered";
import { layoutOf, type LayoutInput } from "../config/layout";
import { standingIn } from "../config/shared-vpc";
import { isZoneId } from "../config/zones";
import { Network, type NetworkProps } from "../modules/network";
import { type Steering } from "../modules/steering";
import { networkOutputs } from "./outputs";
import { applyTerraformSettings, remoteState } from "./terraform-settings";
import { type ModuleInputs, ZscalerStack } from "./zscaler-stack";

/** A route by which a zone's traffic leaves: to a connector, or to a NAT gateway where there are none. */
export interface ZoneRoute {
  readonly routeTableId: string;
  readonly destination: string;
  readonly tier: "workload" | "resolver";
  /** Key of the zone whose traffic it is. */
  readonly zone: string;
}

/** A deployment in a VPC, made or existing, from which its workloads' traffic leaves. */
export type VpcDeployment = Omit<NetworkDeployment, "nat"> &
  Omit<LayoutInput, "privateEndpoints"> & { readonly privateEndpoints?: NetworkProps["privateEndpoints"] };

/** A stack with a VPC, made or existing, from which its workloads' traffic leaves by routes. */
export abstract class DeploymentStack<Deployment extends VpcDeployment> extends ZscalerStack {
  readonly network: Network;
  /** What leads traffic to connectors; none where nothing is led. */
  abstract readonly steering: Steering | undefined;
  /** What each route of `steering` is for, by the same names. */
  abstract readonly routes: Readonly<Record<string, ZoneRoute>>;
  /** Names of the zones, by key. */
  readonly zones: Readonly<Record<string, string>>;
  /** The tags of everything, which the provider gives. */
  readonly defaultTags: Readonly<Record<string, string>>;
  /** The settings, with all defaults filled. */
  protected readonly deployment: Deployment;

  /** @param deployment Gets the stack, since values that are Terraform variables need it first. */
  constructor(
    scope: Construct,
    id: string,
    deployment: (stack: ZscalerStack) => Deployment,
    inputs?: (stack: TerraformStack) => ModuleInputs,
  ) {
    super(scope, id, inputs);
    this.deployment = deployment(this);
    const { network, nat = { none: {} }, subnets, privateEndpoints = [], iam } = this.deployment;
    const { zones, tiers, addresses, natZones } = layoutOf(this.deployment);
    this.defaultTags = applyTerraformSettings(this, this.deployment);
    this.zones = zoneNames(this, zones);
    this.network = new Network(this, "network", {
      name: this.resourceName,
      zones: this.zones,
      tiers,
      addresses,
      natZones,
      vpc: network,
      range: this.inputs?.vpcRange,
      nat,
      subnets,
      privateEndpoints,
      iam,
    });
    this.addOutputs({ zones: { value: this.zones, description: "Names of the zones, by key" }, ...networkOutputs(this.network) });
  }

  get template(): string {
    return this.deployment.template;
  }

  /** Another deployment with this stack's VPC and, unless it has others, NAT gateways, as ones that exist. It is deployed after this. */
  takeIn<Guest extends Parameters<typeof standingIn>[0]>(reader: ZscalerStack, guest: Guest, zones: readonly string[]) {
    const state = this.stateFor(reader);
    return standingIn(guest, zones, this.deployment, {
      vpc: state.getString("vpc_id"),
      natGateway: (zone) => state.getString(`nat_gateway_ids.${zone}`),
    });
  }

  /** The outputs of this stack as another reads them from its state. That one is deployed after this. */
  stateFor(reader: ZscalerStack): TerraformRemoteState {
    reader.addDependency(this);
    return remoteState(reader, this.node.id, this.deployment.backend);
  }
}

/** A stack that leads traffic somewhere. */
export type SteeredStack = DeploymentStack<VpcDeployment> & { readonly steering: Steering };

/** The names of zones, which are looked up where their ids are given. */
function zoneNames(stack: ZscalerStack, zones: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const scope = new Construct(stack, "zone");
  return Object.fromEntries(
    Object.entries(zones).map(([zone, name]) => [
      zone,
      isZoneId(name) ? new DataAwsAvailabilityZone(scope, zone, { zoneId: name }).name : name,
    ]),
  );
}
