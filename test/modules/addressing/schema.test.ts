import { z } from "zod";
import { sourceRange, subnetRange, takenRange, vpcRange } from "../../../modules/addressing/schema";

const message = (schema: z.ZodString, text: string): string | undefined => schema.safeParse(text).error?.issues[0]?.message;

const accepted: readonly [string, () => z.ZodString, readonly string[]][] = [
  [
    "vpcRange",
    vpcRange,
    ["10.1.0.0/16", "10.1.0.0/28", "192.168.0.0/24", "100.64.0.0/16", "8.8.8.0/24", "126.0.0.0/16", "169.253.0.0/16", "223.255.0.0/16"],
  ],
  ["subnetRange", subnetRange, ["10.1.0.0/16", "10.1.255.240/28"]],
  ["takenRange", takenRange, ["10.1.0.0/16", "10.1.0.0/29", "10.1.0.7/32"]],
  ["sourceRange", sourceRange, ["0.0.0.0/0", "10.0.0.0/8", "10.1.0.7/32", "::/0", "2001:db8::/32"]],
];

test.each(accepted.flatMap(([name, schema, texts]) => texts.map((text) => [name, text, schema] as const)))(
  "%s accepts %s",
  (_, text, schema) => {
    expect(schema().parse(text)).toBe(text);
  },
);

const vpcSize = "a VPC range is IPv4, from /16 to /28";
const privateRanges = "a VPC range is best a private one, in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16";
const takenSize = "a taken range is IPv4, from /16 to /32";
const subnetSize = "a subnet range is IPv4, from /16 to /28";

const refused: readonly [string, () => z.ZodString, readonly (readonly [string, string, string])[]][] = [
  [
    "vpcRange",
    vpcRange,
    [
      ["10.1.0.7/16", "10.1.0.7/16 has host bits set", "a VPC range starts at its network address: 10.1.0.0/16"],
      ["10.0.0.0/15", "10.0.0.0/15 is too large", vpcSize],
      ["10.1.0.7/8", "10.1.0.7/8 is too large", vpcSize],
      ["10.0.0.0/29", "10.0.0.0/29 is too small", vpcSize],
      ["2001:db8::/32", "2001:db8::/32 is IPv6", vpcSize],
      ["0.0.0.0/16", "0.0.0.0/16 lies in 0.0.0.0/8 (this network)", privateRanges],
      ["127.1.0.0/16", "127.1.0.0/16 lies in 127.0.0.0/8 (loopback)", privateRanges],
      ["169.254.0.0/16", "169.254.0.0/16 lies in 169.254.0.0/16 (link local, where instance metadata answers)", privateRanges],
      ["224.0.0.0/16", "224.0.0.0/16 lies in 224.0.0.0/3 (multicast and reserved)", privateRanges],
      ["255.255.255.240/28", "255.255.255.240/28 lies in 224.0.0.0/3 (multicast and reserved)", privateRanges],
      ["010.1.0.0/16", "010.1.0.0/16 has 010 with a leading zero", "write it without the zero: some programs read it as octal"],
    ],
  ],
  [
    "subnetRange",
    subnetRange,
    [
      ["10.1.1.1/24", "10.1.1.1/24 has host bits set", "a subnet range starts at its network address: 10.1.1.0/24"],
      ["10.0.0.0/15", "10.0.0.0/15 is too large", subnetSize],
      ["10.0.0.0/29", "10.0.0.0/29 is too small", subnetSize],
      ["2001:db8::/64", "2001:db8::/64 is IPv6", subnetSize],
    ],
  ],
  [
    "takenRange",
    takenRange,
    [
      ["10.1.0.7/31", "10.1.0.7/31 has host bits set", "a taken range starts at its network address: 10.1.0.6/31"],
      ["10.0.0.0/15", "10.0.0.0/15 is too large", takenSize],
      ["2001:db8::/64", "2001:db8::/64 is IPv6", takenSize],
    ],
  ],
  [
    "sourceRange",
    sourceRange,
    [
      ["203.0.113.9/24", "203.0.113.9/24 has host bits set", "a source range starts at its network address: 203.0.113.0/24"],
      [
        "203.0.113.9",
        "203.0.113.9 has no prefix length",
        "a source range ends with its prefix length, as in 10.1.0.0/16; a single address is 203.0.113.9/32",
      ],
    ],
  ],
];

test.each(refused.flatMap(([name, schema, rows]) => rows.map(([text, problem, fix]) => [name, text, problem, fix, schema] as const)))(
  "%s refuses %s",
  (_name, text, problem, fix, schema) => {
    expect(message(schema(), text)).toBe(`${problem}\n${fix}`);
  },
);

test("a range is a string in the JSON schema", () => {
  expect(z.toJSONSchema(z.object({ vpc: vpcRange() }))).toMatchObject({ properties: { vpc: { type: "string" } } });
});
