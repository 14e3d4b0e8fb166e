import { type Block, type SynthesizedStack, type Value } from "./synthesize";

const addressPattern = /(?:data\.)?aws_\w+\.[\w-]+/g;

/** The addresses that a value refers to. */
export const references = (value: Value | undefined): readonly string[] => {
  if (typeof value === "string") return value.match(addressPattern) ?? [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(references);
};

/** The one address that a value refers to. */
export const reference = (value: Value | undefined): string => {
  const [address, ...more] = references(value);
  if (address === undefined || more.length > 0) throw new Error(`${JSON.stringify(value)} does not refer to one element`);
  return address;
};

/** The addresses of a type's resources one of whose attributes refers to an address. */
export const referring = (stack: SynthesizedStack, type: string, attribute: string, address: string): readonly string[] =>
  Object.entries(stack.ofType(type))
    .filter(([, block]) => references(block[attribute]).includes(address))
    .map(([from]) => from);

/** Everything that Terraform makes before an element, because it or something before it refers to it or names it in depends_on. */
export const madeBefore = (stack: SynthesizedStack, address: string): ReadonlySet<string> => {
  const found = new Set<string>();
  const visit = (from: string): void => {
    for (const next of references(stack.at(from))) {
      if (found.has(next) || next === from) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(address);
  return found;
};

const routeTargets = {
  gateway_id: "aws_internet_gateway",
  nat_gateway_id: "aws_nat_gateway",
  network_interface_id: "aws_network_interface",
  vpc_endpoint_id: "aws_vpc_endpoint",
} as const;

/** What a route leads to. */
const targetOf = (route: Block): string => {
  const [target, ...more] = Object.entries(routeTargets).filter(([attribute]) => route[attribute] !== undefined);
  const address = target && reference(route[target[0]]);
  if (!target || !address?.startsWith(`${target[1]}.`) || more.length > 0)
    throw new Error(`${JSON.stringify(route)} has not one right target`);
  return address;
};

/** The addresses by which a subnet's traffic reaches the internet: the target of its default route, that one's subnet's, and so on. */
export const wayOut = (stack: SynthesizedStack, subnet: string): readonly string[] => {
  const targets = referring(stack, "aws_route_table_association", "subnet_id", subnet)
    .map((association) => reference(stack.at(association)["route_table_id"]))
    .flatMap((table) => referring(stack, "aws_route", "route_table_id", table))
    .map((route) => stack.at(route))
    .filter((route) => route["destination_cidr_block"] === "0.0.0.0/0")
    .map(targetOf);
  const [target, ...more] = targets;
  if (target === undefined) return [];
  if (more.length > 0) throw new Error(`${subnet} has two default routes: ${targets.join(" ")}`);
  const next = stack.at(target)["subnet_id"];
  return next === undefined ? [target] : [target, ...wayOut(stack, reference(next))];
};
