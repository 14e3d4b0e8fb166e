import { Annotations, type TerraformStack } from "cdktf";
import { type Construct } from "constructs";
import { type z } from "zod";
import { gwlbDeployment, type GwlbSettings } from "../config/gwlb";
import { warningsOf } from "../config/warnings";
import { CloudConnectors } from "../modules/cloud-connector";
import { ScaledConnectors } from "../modules/fleet-lifecycle";
import { type BalancerTargets, GatewayEndpoints, GatewayLoadBalancer } from "../modules/gateway-load-balancer";
import { type RouteFailover } from "../modules/route-failover";
import { Steering } from "../modules/steering";
import { type TestHosts } from "../modules/test-hosts";
import { checkSettings, type Immutable, orToken } from "../modules/validation";
import { type ZpaDns } from "../modules/zpa-dns";
import { DeploymentStack, type ZoneRoute } from "./deployment-stack";
import { connectorSubnets } from "./network-parts";
import { balancerOutputs, connectorOutputs, fleetOutputs, steeringOutputs } from "./outputs";
import { addRouteFailover } from "./route-failover";
import { defaultRoutes, type DefaultZoneRoute, pinnedRoutes, steerToEndpoints } from "./steered-routes";
import { regionSubnetIds } from "./subnet-ids";
import { addTestHosts } from "./test-hosts";
import { type ModuleInputs, type ZscalerStack } from "./zscaler-stack";
import { addZpaDns } from "./zpa-dns";

const schema = gwlbDeployment(orToken);
type Deployment = Immutable<z.output<typeof schema>>;

/**
 * The gwlb template: connectors behind a Gateway Load Balancer, a fixed number or an Auto Scaling group, and endpoints to which the workloads' routes
 * lead. Endpoints of other VPCs and accounts reach the same connectors by its endpoint service.
 *
 * Makes a `Network`, `CloudConnectors` or `ScaledConnectors`, a `GatewayLoadBalancer`, `GatewayEndpoints` in each zone with connectors, the `Steering` of the workload
 * and resolver route tables and, where asked for, the routes of pinned destinations with a `RouteFailover`, a `ZpaDns` and `TestHosts`.
 */
export class GwlbStack extends DeploymentStack<Deployment> {
  readonly connectors: CloudConnectors | ScaledConnectors;
  readonly balancer: GatewayLoadBalancer;
  readonly endpoints: GatewayEndpoints;
  readonly steering: Steering;
  /** The routes to pinned destinations, where there are any. */
  readonly pinned: Steering | undefined;
  readonly failover: RouteFailover | undefined;
  readonly zpaDns: ZpaDns | undefined;
  readonly testHosts: TestHosts | undefined;
  readonly routes: Readonly<Record<string, ZoneRoute>>;

  /**
   * @param settings Gets the stack, since values that are Terraform variables need it first.
   * @param inputs Only for a stack that becomes a Terraform module.
   */
  constructor(
    scope: Construct,
    id: string,
    settings: (stack: ZscalerStack) => GwlbSettings,
    inputs?: (stack: TerraformStack) => ModuleInputs,
  ) {
    super(scope, id, (stack) => checkSettings(stack, schema, settings(stack)), inputs);
    // cdktf shows them when it has synthesized.
    for (const warning of warningsOf(this.deployment)) Annotations.of(this).addWarning(warning);
    const { fixed, autoScaling } = this.deployment.fleet;
    const named = defaultRoutes(this.network, this.deployment.steering);
    if (autoScaling) {
      this.balancer = this.balance({ registeredBy: "autoScaling" });
      this.connectors = this.scaled(autoScaling);
    } else {
      const connectors = new CloudConnectors(this, "connectors", { ...this.common(), perZone: fixed?.perZone });
      this.connectors = connectors;
      this.balancer = this.balance({
        addresses: Object.fromEntries(
          Object.entries(connectors.connectors).map(([key, { serviceInterface, instance }]) => [
            key,
            { address: serviceInterface.privateIp, after: instance },
          ]),
        ),
      });
    }
    this.endpoints = this.endpointsByZone();
    this.routes = Object.fromEntries(named.map((route) => [route.route, route]));
    const { servedBy } = this.deployment.connectors;
    this.steering = steerToEndpoints(this, named, {
      endpointOf: (zone) => this.endpoints.endpointFor(servedBy[zone] ?? zone),
      targetTiers: ["connector", "management", "endpoint"],
      imports: this.inputs?.calledBy !== "module",
    });
    this.addOutputs({ ...balancerOutputs(this.balancer, this.endpoints, this.deployment.balancer), ...steeringOutputs(this.steering) });
    this.zpaDns = this.deployment.zpa && addZpaDns(this, { zpa: this.deployment.zpa });

    if (this.connectors instanceof CloudConnectors) {
      this.addOutputs(connectorOutputs(this.connectors));
      const pinned = this.pin(named, this.connectors);
      this.pinned = pinned?.steering;
      this.failover = pinned?.failover;
    } else {
      this.addOutputs(fleetOutputs(this.connectors));
    }
    this.testHosts = addTestHosts(this, this.deployment);
  }

  /** Names of the Resolver rules for ZPA applications, those that exist included. */
  get resolverRules(): readonly string[] {
    return Object.keys(this.zpaDns?.ruleIds ?? {});
  }

  /** What connectors of both kinds are given. */
  private common() {
    const { connectors, iam } = this.deployment;
    return {
      ...connectors,
      name: this.resourceName,
      zones: connectorSubnets(this.network, Object.keys(this.zones)),
      vpcId: this.network.vpcId,
      vpcRanges: this.network.ranges,
      iam,
    };
  }

  private scaled(fleet: NonNullable<Deployment["fleet"]["autoScaling"]>): ScaledConnectors {
    return new ScaledConnectors(this, "connectors", {
      ...this.common(),
      fleet,
      tags: this.defaultTags,
      targetGroupArns: [this.balancer.targetGroup.arn],
      after: [this.balancer.listener],
    });
  }

  private balance(targets: BalancerTargets): GatewayLoadBalancer {
    const { balancer, endpointService, connectors } = this.deployment;
    return new GatewayLoadBalancer(this, "balancer", {
      ...balancer,
      endpointService,
      name: this.resourceName,
      vpcId: this.network.vpcId,
      zones: this.zones,
      subnetIds: regionSubnetIds(this.network.tier("connector")),
      healthProbePort: connectors.healthProbePort,
      targets,
      keepsSubnets: this.inputs?.calledBy !== "module",
    });
  }

  private endpointsByZone(): GatewayEndpoints {
    return new GatewayEndpoints(this, "endpoints", {
      name: this.resourceName,
      vpcId: this.network.vpcId,
      serviceName: this.balancer.serviceName,
      subnetIds: regionSubnetIds(this.network.tier(this.deployment.endpointTier === "separate" ? "endpoint" : "connector")),
      after: this.balancer.ready,
    });
  }

  /** Leads pinned destinations to connectors past the balancer, and keeps these routes alive. */
  private pin(
    named: readonly DefaultZoneRoute[],
    connectors: CloudConnectors,
  ): { readonly steering: Steering; readonly failover: RouteFailover | undefined } | undefined {
    const { failover } = this.deployment;
    if (failover === undefined) return undefined;
    const routes = pinnedRoutes(named, connectors, failover.pinned);
    const steering = new Steering(this, "pinned", {
      movedBy: "function",
      routes: Object.fromEntries(
        Object.entries(routes).map(([name, { routeTableId, destination, connector }]) => [
          name,
          {
            routeTableId,
            destination,
            target: { networkInterfaceId: connector.serviceInterface.id },
            after: connector.instance,
          },
        ]),
      ),
    });
    return { steering, failover: addRouteFailover(this, { ...this.deployment, failover }, { connectors, routes, steering }) };
  }
}
