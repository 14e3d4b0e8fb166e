import { type TerraformRemoteState, type TerraformStack } from "cdktf";
import { type Construct } from "constructs";
import { type z } from "zod";
import { spokeDeployment, type SpokeSettings } from "../config/spoke";
import { GatewayEndpoints } from "../modules/gateway-load-balancer";
import { EdgeRoutes, type Steering } from "../modules/steering";
import { type TestHosts } from "../modules/test-hosts";
import { checkSettings, type Immutable, orToken } from "../modules/validation";
import { RuleAssociations } from "../modules/zpa-dns";
import { DeploymentStack, type ZoneRoute } from "./deployment-stack";
import { type GwlbStack } from "./gwlb";
import { endpointOutputs, steeringOutputs } from "./outputs";
import { defaultRoutes, steerToEndpoints } from "./steered-routes";
import { subnetIds } from "./subnet-ids";
import { addTestHosts } from "./test-hosts";
import { type ModuleInputs, type ZscalerStack } from "./zscaler-stack";

const schema = spokeDeployment(orToken);
type Deployment = Immutable<z.output<typeof schema>>;

/** The connectors to which a spoke's traffic goes, as it knows them. */
interface Hub {
  readonly serviceName: string;
  /** Ids of the Resolver rules for ZPA applications, by name. */
  readonly ruleIds: Readonly<Record<string, string>>;
}

// A spoke of a hub elsewhere is not to load the hub's class.
const isHub = (stack: unknown): stack is GwlbStack => stack instanceof DeploymentStack && stack.template === "gwlb";

/**
 * The spoke template: a VPC whose workloads reach the connectors of a hub, of this account or another, by Gateway Load Balancer endpoints of its own.
 *
 * Makes a `Network` without NAT gateways, `GatewayEndpoints` in each zone, the `Steering` of the workload route tables, made or existing, to the endpoint of their zone and,
 * where asked for, `EdgeRoutes`, the `RuleAssociations` of the hub's Resolver rules and `TestHosts`. A hub in the same app is read by its state's
 * outputs, and deployed first.
 */
export class SpokeStack extends DeploymentStack<Deployment> {
  readonly endpoints: GatewayEndpoints;
  readonly steering: Steering;
  readonly routes: Readonly<Record<string, ZoneRoute>>;
  readonly edgeRoutes: EdgeRoutes | undefined;
  readonly zpaDns: RuleAssociations | undefined;
  readonly testHosts: TestHosts | undefined;

  /**
   * @param settings Gets the stack, since values that are Terraform variables need it first.
   * @param inputs Only for a stack that becomes a Terraform module.
   * @throws When the hub is to be a stack of the same app, and is not there.
   */
  constructor(
    scope: Construct,
    id: string,
    settings: (stack: ZscalerStack) => SpokeSettings,
    inputs?: (stack: TerraformStack) => ModuleInputs,
  ) {
    super(scope, id, (stack) => checkSettings(stack, schema, settings(stack)), inputs);
    const hub = this.hub();
    const { network } = this;
    this.endpoints = new GatewayEndpoints(this, "endpoints", {
      name: this.resourceName,
      vpcId: network.vpcId,
      serviceName: hub.serviceName,
      subnetIds: subnetIds(network.tier("endpoint")),
      checkZones: { names: this.zones, supported: "askService" },
      // A spoke moves to another hub with its traffic.
      createBeforeDestroy: true,
    });
    const named = defaultRoutes(network, this.deployment.steering);
    this.routes = Object.fromEntries(named.map((route) => [route.route, route]));
    this.steering = steerToEndpoints(this, named, {
      endpointOf: (zone) => this.endpoints.endpointFor(zone),
      targetTiers: ["endpoint"],
      imports: this.inputs?.calledBy !== "module",
    });
    this.edgeRoutes = this.deployment.ingress.edgeRoutes ? this.leadIn() : undefined;
    this.zpaDns = this.deployment.zpa
      ? new RuleAssociations(this, "zpa_dns", {
          vpcId: network.vpcId,
          ruleIds: hub.ruleIds,
          after: Object.values(this.steering.routes),
        })
      : undefined;
    this.addOutputs({ ...endpointOutputs(this.endpoints), ...steeringOutputs(this.steering) });
    this.testHosts = addTestHosts(this, this.deployment);
  }

  private hub(): Hub {
    const { endpointService, resolverRules, zpa } = this.deployment;
    if (endpointService.deployment === undefined) return { serviceName: endpointService.name ?? "", ruleIds: resolverRules };
    const hub = this.node.scope?.node.tryFindChild(endpointService.deployment);
    if (!isHub(hub)) {
      throw new Error(
        `${this.node.path}.endpointService.deployment: the app has no GwlbStack ${endpointService.deployment} yet: make it first`,
      );
    }
    const state: TerraformRemoteState = hub.stateFor(this);
    return {
      serviceName: state.getString("endpoint_service_name"),
      ruleIds: zpa ? Object.fromEntries(hub.resolverRules.map((rule) => [rule, state.getString(`resolver_rule_ids.${rule}`)])) : {},
    };
  }

  /** Leads what comes in from the internet to the endpoints first. */
  private leadIn(): EdgeRoutes {
    const { network, endpoints } = this;
    return new EdgeRoutes(this, "edge", {
      name: this.resourceName,
      vpcId: network.vpcId,
      internetGatewayId: network.internetGatewayId ?? "",
      subnets: Object.fromEntries(
        Object.entries(network.tier("workload")).flatMap(([zone, { range }]) =>
          range === undefined ? [] : [[zone, { range, vpcEndpointId: endpoints.endpointFor(zone).id }]],
        ),
      ),
      endpointTables: Object.fromEntries(
        Object.entries(network.tier("endpoint")).flatMap(([zone, { routeTableId }]) =>
          routeTableId === undefined ? [] : [[zone, routeTableId]],
        ),
      ),
    });
  }
}
