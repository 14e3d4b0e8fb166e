import { detectionSeconds } from "../modules/gateway-load-balancer/schema";
import { type SynthesizedResource, type SynthesizedStack } from "./synthesized-stack";
import { alignColumns } from "./table";

/** Attributes of what was deployed, by Terraform address. */
export type DeployedAttributes = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** The outputs of a stack, once deployed. */
export type Outputs = Readonly<Record<string, unknown>>;

/** The address that an attribute refers to: `aws_vpc.network` of `${aws_vpc.network.id}`. */
const referred = (attribute: unknown): string | undefined => /^\$\{(\w+\.[\w-]+)\.\w+\}$/.exec(String(attribute))?.[1];

const targets: Readonly<Record<string, string>> = {
  gateway_id: "internet gateway",
  nat_gateway_id: "NAT gateway",
  network_interface_id: "connector",
  vpc_endpoint_id: "endpoint",
};

const tierOrder = ["public", "connector", "management", "endpoint", "workload", "resolver"];

/**
 * What a stack is, for people: its zones with their subnets and where each subnet's default route leads, its connectors, the balancer before them and
 * its endpoints, what keeps their number and what looks after them, what moves routes off them, what resolves ZPA applications, and test hosts.
 * Without what was deployed it shows the same of what was synthesized.
 */
export function summarize(stack: SynthesizedStack, deployed: DeployedAttributes = new Map(), outputs: Outputs = {}): string {
  const ofType = (type: string) => stack.resources.filter((resource) => resource.type === type);
  const attribute = ({ address, attributes }: SynthesizedResource, name: string): string => {
    const value = deployed.get(address)?.[name] ?? attributes[name];
    return typeof value === "string" && !value.includes("${") ? value : "";
  };
  const byAddress = new Map(stack.resources.map((resource) => [resource.address, resource]));

  /** `NAT gateway of zone a nat-0123`, `connector a-1 eni-0123`. */
  const leadsTo = (subnet: SynthesizedResource): string => {
    const table = ofType("aws_route_table_association").find(({ attributes }) => referred(attributes.subnet_id) === subnet.address);
    const route = ofType("aws_route").find(
      ({ attributes }) =>
        table !== undefined &&
        attributes.route_table_id === table.attributes.route_table_id &&
        attributes.destination_cidr_block === "0.0.0.0/0",
    );
    const way = Object.entries(route?.attributes ?? {}).find(([name]) => name in targets);
    if (!way) return table ? "no default route" : "the VPC's main route table";
    const target = byAddress.get(referred(way[1]) ?? "");
    const label = [targets[way[0]], target ? placeOf(target) : "", target ? attribute(target, "id") : ""];
    return label.filter((word) => word !== "").join(" ");
  };

  const zoneOf = ({ path }: SynthesizedResource): string => path.at(-3) ?? "";
  const zones = [...new Set(ofType("aws_subnet").map(zoneOf))].map((zone) => {
    const subnets = ofType("aws_subnet")
      .filter((subnet) => zoneOf(subnet) === zone)
      .map((subnet) => ({ tier: subnet.path.at(-2) ?? "", subnet }))
      .sort((one, other) => tierOrder.indexOf(one.tier) - tierOrder.indexOf(other.tier));
    const name = subnets.map(({ subnet }) => attribute(subnet, "availability_zone"))[0] ?? "";
    return section(
      `Zone ${zone}${name === "" ? "" : ` (${name})`}`,
      subnets.map(({ tier, subnet }) => [tier, attribute(subnet, "cidr_block"), attribute(subnet, "id"), `-> ${leadsTo(subnet)}`]),
    );
  });

  const instances = ofType("aws_instance");
  const connectors = instances.filter(({ path }) => path[0] === "connectors");
  const hosts = instances.filter(({ path }) => path[0] === "test_hosts");
  const interfaceOf = (instance: SynthesizedResource, role: string): string => {
    const address = `aws_network_interface.${instance.path.slice(0, -1).join("_")}_${role}`;
    const found = byAddress.get(address);
    return [role, found ? attribute(found, "private_ip") : "", found ? attribute(found, "id") : ""].filter((word) => word !== "").join(" ");
  };

  const ofPart = (part: string, type: string) => ofType(type).filter(({ path }) => path.join("/").startsWith(`${part}/`));
  /** The functions of a part with who gets their alarms, and what else is told of them. */
  const functions = (part: string, ...more: readonly (readonly [string, string])[]): readonly (readonly string[])[] => {
    const topics = ofPart(part, "aws_cloudwatch_metric_alarm").map(({ address, attributes }) => {
      const [action] = [deployed.get(address)?.alarm_actions ?? attributes.alarm_actions].flat();
      const topic = byAddress.get(referred(action) ?? "");
      return topic ? attribute(topic, "name") : String(action);
    });
    return ofPart(part, "aws_lambda_function").flatMap((found) => [
      ["function", attribute(found, "function_name")],
      ...more,
      ["alarms to", [...new Set(topics)].join(" ")],
    ]);
  };
  const moved = ofType("aws_route").filter(({ attributes }) => isMoved(attributes));
  const templateOf = ({ attributes }: SynthesizedResource): string => {
    const [template] = [attributes.launch_template].flat() as readonly ({ readonly id?: unknown } | undefined)[];
    const found = byAddress.get(referred(template?.id) ?? "");
    return found ? attribute(found, "name") : "";
  };

  const rules = ofType("aws_route53_resolver_rule");
  const associated = ofPart("zpa_dns", "aws_route53_resolver_rule_association");
  const accounts = ofPart("zpa_dns", "aws_ram_principal_association").map((shared) => attribute(shared, "principal"));

  return [
    `${stack.name}: ${stack.resources.length} resources${deployed.size > 0 ? " deployed" : ", not deployed"}`,
    ...zones,
    section(
      "Cloud Connectors",
      connectors.map((instance) => [
        placeOf(instance),
        attribute(instance, "instance_type"),
        attribute(instance, "id"),
        interfaceOf(instance, "service"),
        interfaceOf(instance, "management"),
      ]),
    ),
    section(
      "Auto Scaling",
      ofType("aws_autoscaling_group").map((group) => [
        attribute(group, "name"),
        `${String(group.attributes.min_size)} to ${String(group.attributes.max_size)} connectors`,
        templateOf(group),
      ]),
    ),
    section("Fleet function", functions("connectors/fleet")),
    section("Gateway Load Balancer", [
      ...ofPart("balancer", "aws_lb").map((balancer) => ["balancer", attribute(balancer, "name")]),
      // Others reach the connectors by this name, which AWS gives.
      ...ofPart("balancer", "aws_vpc_endpoint_service")
        .map((service) => ["endpoint service", attribute(service, "service_name")])
        .filter(([, name]) => name !== ""),
      ...ofPart("balancer", "aws_lb_target_group").map((group) => ["failure detection", detection(group)]),
    ]),
    section(
      "Endpoints",
      ofPart("endpoints", "aws_vpc_endpoint").map((endpoint) => [String(endpoint.path[1]), attribute(endpoint, "id")]),
    ),
    section("Route failover", functions("failover", ["may move", `${moved.length} routes`])),
    section("ZPA DNS", [
      ...ofType("aws_route53_resolver_endpoint").map((endpoint) => ["endpoint", attribute(endpoint, "name"), attribute(endpoint, "id")]),
      ...rules
        .filter((rule) => attribute(rule, "rule_type") === "FORWARD")
        .map((rule) => [rule.path.at(-1) ?? "", attribute(rule, "domain_name"), attribute(rule, "id")]),
      ...(accounts.length === 0 ? [] : [["shared with", accounts.join(" ")]]),
      // Where no rule is made, those of others are associated.
      ...(rules.length > 0 || associated.length === 0 ? [] : [["associated", `${associated.length} rules`]]),
    ]),
    section(
      "Test hosts",
      hosts.map((instance) => [
        placeOf(instance),
        attribute(instance, "instance_type"),
        attribute(instance, "id"),
        attribute(instance, "private_ip"),
      ]),
    ),
    section(
      "Outputs",
      Object.entries(outputs).flatMap(([name, value]) => leaves(name, value)),
    ),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** Whether a function moves the route: Terraform then ignores its target. */
const isMoved = ({ lifecycle }: SynthesizedResource["attributes"]): boolean =>
  typeof lifecycle === "object" && lifecycle !== null && "ignore_changes" in lifecycle;

/** `30 s = 10 s x 3`: how long the balancer sends traffic to a connector that is dead. */
function detection({ attributes }: SynthesizedResource): string {
  const [check] = [attributes.health_check].flat() as readonly (
    { readonly interval?: unknown; readonly unhealthy_threshold?: unknown } | undefined
  )[];
  const intervalSeconds = Number(check?.interval);
  const unhealthyThreshold = Number(check?.unhealthy_threshold);
  return `${detectionSeconds({ intervalSeconds, unhealthyThreshold })} s = ${intervalSeconds} s x ${unhealthyThreshold}`;
}

/** Where a resource belongs: a connector's key, or its zone. */
function placeOf({ path: [part, zone, place] }: SynthesizedResource): string {
  if (part === "connectors") return `${zone}-${place}`;
  if (part === "endpoints" || (part === "network" && place !== undefined)) return `of zone ${zone}`;
  return part === "test_hosts" ? String(zone) : "";
}

/** The texts and numbers of a value, each with the way to it: `vpc_ranges.vpc`. */
function leaves(path: string, value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== "object" || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(`${path}.${key}`, inner));
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? "" : [title, ...alignColumns(rows).map((row) => `  ${row}`)].join("\n");
}
