import { contains, parseRange, type AddressRange, type RangeKind } from "./ranges";

/** AWS makes VPCs and subnets of these prefix lengths (VPC user guide, "VPC CIDR blocks" and "Subnet CIDR blocks"). */
export const widestPrefix = 16;
export const narrowestPrefix = 28;

/** No VPC has these: each means something else to every host, whatever a route table says. */
const neverOfAVpc = {
  "0.0.0.0/8": "this network",
  "127.0.0.0/8": "loopback",
  "169.254.0.0/16": "link local, where instance metadata answers",
  "224.0.0.0/3": "multicast and reserved",
};

const reserved = Object.entries(neverOfAVpc).map(([text, meaning]) => {
  const parsed = parseRange(text);
  if (!("range" in parsed)) throw new Error(parsed.finding.problem);
  return { text, meaning, range: parsed.range };
});

const refuseSize = (name: string, narrowest: number) => (range: AddressRange, written: string) => {
  const fix = `a ${name} is IPv4, from /${widestPrefix} to /${narrowest}`;
  if (range.family === 6) return { problem: `${written} is IPv6`, fix };
  if (range.prefix < widestPrefix) return { problem: `${written} is too large`, fix };
  if (range.prefix > narrowest) return { problem: `${written} is too small`, fix };
  return undefined;
};

/** A range of a VPC, the first or a further one: IPv4, /16 to /28, private or public, and none that hosts treat specially. */
export const vpcKind: RangeKind = {
  name: "VPC range",
  refuse: (range, written) => {
    const size = refuseSize("VPC range", narrowestPrefix)(range, written);
    if (size) return size;
    const within = reserved.find((special) => contains(special.range, range));
    return (
      within && {
        problem: `${written} lies in ${within.text} (${within.meaning})`,
        fix: "a VPC range is best a private one, in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
      }
    );
  },
};

/** The range of a subnet: IPv4, /16 to /28. */
export const subnetKind: RangeKind = { name: "subnet range", refuse: refuseSize("subnet range", narrowestPrefix) };

/** What others use of a VPC: IPv4, /16 to /32, as it may be a single address. */
export const takenKind: RangeKind = { name: "taken range", refuse: refuseSize("taken range", 32) };

/** What a security group's rule names as its peer: any IPv4 or IPv6 range. */
export const sourceKind: RangeKind = { name: "source range", refuse: () => undefined };
