import { madeBefore, reference, references, referring } from "./graph";
import { base, samples } from "./samples";
import { synthesize, type SynthesizedStack } from "./synthesize";

/** The interfaces of an instance, or the instance itself where it has none of ours: what has a subnet and security groups. */
const placed = (stack: SynthesizedStack, instance: string): readonly string[] => {
  const interfaces = references(stack.at(instance)["network_interface"]);
  return interfaces.length > 0 ? interfaces : [instance];
};

const unique = (addresses: readonly string[]): readonly string[] => [...new Set(addresses)].sort();

/** What an instance may do: the policies of its role. */
const permissions = (stack: SynthesizedStack, instance: string): readonly string[] => {
  const role = reference(stack.at(reference(stack.at(instance)["iam_instance_profile"]))["role"]);
  return ["aws_iam_role_policy", "aws_iam_role_policy_attachment"].flatMap((type) => referring(stack, type, "role", role));
};

/** How its packets leave: the association of each of its subnets and the routes of the tables. */
const ways = (stack: SynthesizedStack, instance: string): readonly string[] =>
  placed(stack, instance)
    .flatMap((address) => referring(stack, "aws_route_table_association", "subnet_id", reference(stack.at(address)["subnet_id"])))
    .flatMap((association) => {
      const table = reference(stack.at(association)["route_table_id"]);
      return [association, ...referring(stack, "aws_route", "route_table_id", table)];
    });

/** Which packets may leave: the rules of its security groups. A group without rules lets nothing out. */
const openings = (stack: SynthesizedStack, instance: string): readonly string[] =>
  placed(stack, instance)
    .flatMap((address) => references([stack.at(address)["security_groups"] ?? [], stack.at(address)["vpc_security_group_ids"] ?? []]))
    .flatMap((group) => referring(stack, "aws_vpc_security_group_egress_rule", "security_group_id", group));

const everything = synthesize(samples.everything);
const instances = Object.keys(everything.ofType("aws_instance"));
const connectors = instances.filter((address) => address.includes(".connectors_"));

const missing = (stack: SynthesizedStack, instance: string, needed: readonly string[]): readonly string[] => {
  const before = madeBefore(stack, instance);
  expect(needed).not.toEqual([]);
  return unique(needed).filter((address) => !before.has(address));
};

// Connectors read their user data and enroll once, at their first boot: what that needs must be there.
test.each(instances)("%s boots after its role's policies", (instance) => {
  expect(missing(everything, instance, permissions(everything, instance))).toEqual([]);
});

test.each(instances)("%s boots after its subnets' route tables and routes", (instance) => {
  expect(missing(everything, instance, ways(everything, instance))).toEqual([]);
});

test.each(instances)("%s boots after the rules that let it out", (instance) => {
  expect(missing(everything, instance, openings(everything, instance))).toEqual([]);
});

test.each(connectors)("%s boots after the grant on its disk's key", (instance) => {
  expect(missing(everything, instance, ["aws_kms_grant.connectors_disk"])).toEqual([]);
});

test("where AWS is reached by private endpoints alone, connectors boot after them", () => {
  const stack = synthesize(base({ nat: { none: {} }, privateEndpoints: ["secretsmanager"] }));
  expect(
    missing(stack, "aws_instance.connectors_a_1", [
      "aws_vpc_endpoint.network_private_endpoints_secretsmanager",
      "aws_vpc_security_group_ingress_rule.network_private_endpoints_guard_https_from_vpc",
    ]),
  ).toEqual([]);
});

test("a workload's route waits for the instance that takes its traffic", () => {
  const routes = Object.keys(everything.ofType("aws_route")).filter((address) => address.includes(".steering_"));
  expect(routes).toHaveLength(3);
  for (const route of routes) {
    const target = reference(everything.at(route)["network_interface_id"]);
    const [instance] = referring(everything, "aws_instance", "network_interface", target);
    expect(everything.at(route)["depends_on"]).toEqual([instance]);
  }
});
