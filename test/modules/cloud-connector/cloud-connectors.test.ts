import { Route } from "@cdktf/provider-aws/lib/route";
import { TerraformOutput, TerraformVariable } from "cdktf";
import { CloudConnectors, type CloudConnectorsProps } from "../../../modules/cloud-connector";
import { synthesizePlain } from "../../stacks/synthesize";

const props: CloudConnectorsProps = {
  name: "theirs",
  provisioningUrl: "connector.zscaler.net/api/v1/provUrl?name=aws-prod",
  secret: "ZS/CC/credentials",
  zones: { a: { connectorSubnetId: "subnet-0a" }, b: { connectorSubnetId: "subnet-0b", managementSubnetId: "subnet-1b" } },
  vpcId: "vpc-0",
  vpcRanges: { vpc: "10.0.0.0/16" },
};

const failing = (more: object) => () => synthesizePlain((stack) => new CloudConnectors(stack, "connectors", { ...props, ...more }));

test("stand in subnets that exist, in a stack of cdktf's own", () => {
  const stack = synthesizePlain((scope) => {
    const connectors = new CloudConnectors(scope, "connectors", props);
    new Route(scope, "theirs", {
      routeTableId: "rtb-0",
      destinationCidrBlock: "0.0.0.0/0",
      networkInterfaceId: connectors.serving("b").serviceInterface.id,
    });
  });
  const interfaces = Object.entries(stack.ofType("aws_network_interface"));
  const subnets = interfaces.map(([address, { subnet_id }]) => [address.replace(/^.*connectors_(.*)_[0-9A-F]{8}$/, "$1"), subnet_id]);
  expect(Object.fromEntries(subnets)).toEqual({
    a_1_service: "subnet-0a",
    a_1_management: "subnet-0a",
    b_1_service: "subnet-0b",
    b_1_management: "subnet-1b",
  });
  expect(stack.at("aws_route.theirs")["network_interface_id"]).toMatch(
    /^\$\{aws_network_interface\.connectors_b_1_service_[0-9A-F]{8}\.id\}$/,
  );
  expect(Object.keys(stack.ofType("aws_vpc"))).toEqual([]);
  for (const group of Object.values(stack.ofType("aws_security_group"))) expect(group["vpc_id"]).toBe("vpc-0");
});

test("are reached by key and by the zone that they serve", () => {
  synthesizePlain((scope) => {
    const connectors = new CloudConnectors(scope, "connectors", {
      ...props,
      perZone: 2,
      zones: { ...props.zones, c: "served" },
      servedBy: { c: "a" },
    });
    expect(Object.keys(connectors.connectors)).toEqual(["a-1", "a-2", "b-1", "b-2"]);
    expect(connectors.serving("a")).toBe(connectors.connectors["a-1"]);
    expect(connectors.serving("c")).toBe(connectors.connectors["a-2"]);
    expect(connectors.connectors["b-2"]?.zone).toBe("b");
    expect(() => connectors.serving("d")).toThrow("theirs/connectors has no connector that serves zone d");
  });
});

test("a secret's name and image that Terraform knows only at deployment are passed on", () => {
  const stack = synthesizePlain((scope) => {
    const ami = new TerraformVariable(scope, "ami", { type: "string" });
    new CloudConnectors(scope, "connectors", { ...props, ami: ami.stringValue });
  });
  for (const instance of Object.values(stack.ofType("aws_instance"))) {
    expect(instance).toMatchObject({
      ami: "${var.ami}",
      lifecycle: { ignore_changes: ["key_name", "private_dns_name_options", "user_data"] },
    });
  }
});

test("a zone without connectors needs one that serves it", () => {
  expect(failing({ zones: { ...props.zones, c: "served" } })).toThrow(/zones\.c has no subnets .* servedBy/);
  expect(failing({ zones: { ...props.zones, c: "served" }, servedBy: { c: "z" } })).toThrow(/zone z .* zone c/);
  expect(failing({ servedBy: { q: "a" } })).toThrow(/zone q/);
});

describe("mistakes are told at once, with the construct's path", () => {
  const told = (more: object): readonly string[] => {
    try {
      failing(more)();
      return [];
    } catch (error) {
      return (error as Error).message.split("\n").map((line) => line.split(": ")[0] ?? "");
    }
  };
  const at = (...fields: readonly string[]) => fields.map((field) => `theirs/connectors.${field}`);

  test("values", () => {
    const mistakes = {
      provisioningUrl: "https://connector.zscaler.net",
      secret: "a secret",
      size: "tiny",
      perZone: 0,
      ami: "latest",
      healthProbePort: 79,
      supportServer: "0.0.0.0/0",
      managementSecurityGroups: ["group"],
      sourceRanges: { spoke: "10.2.0.1/16" },
    };
    expect([...told(mistakes)].sort()).toEqual(
      at(
        "ami",
        "healthProbePort",
        "managementSecurityGroups.0",
        "perZone",
        "provisioningUrl",
        "secret",
        "size",
        "sourceRanges.spoke",
        "supportServer",
      ),
    );
  });

  test("an instance type of another size", () => {
    expect(told({ size: "medium", instanceType: "m6i.large" })).toEqual(at("instanceType"));
    expect(told({ instanceType: 5 })).toEqual(at("instanceType"));
  });

  test("an instance type of another size beside a value that is missing", () => {
    expect([...told({ secret: undefined, size: "medium", instanceType: "m6i.large" })].sort()).toEqual(at("instanceType", "secret"));
  });

  test("a grant without a key beside a disk of the wrong type", () => {
    const grantTo = "arn:aws:iam::123456789012:role/deployer";
    expect(told({ disk: { grantTo } })).toEqual(at("disk.grantTo"));
    expect([...told({ disk: { grantTo, type: 3 } })].sort()).toEqual(at("disk.grantTo", "disk.type"));
  });

  test.each([[{ healthProbePort: 80 }], [{ healthProbePort: 1024 }], [{ healthProbePort: 65535 }], [{ perZone: 20 }]])(
    "%p is none",
    (settings) => {
      expect(told(settings)).toEqual([]);
    },
  );

  test.each([81, 1023, 65536, 8080.5])("%p is no port for health probes", (healthProbePort) => {
    expect(told({ healthProbePort })).toEqual(at("healthProbePort"));
  });
});

test("a port that is known only at deployment is written as such into texts", () => {
  const stack = synthesizePlain((scope) => {
    const port = new TerraformVariable(scope, "port", { type: "number" });
    const { connectors } = new CloudConnectors(scope, "connectors", { ...props, healthProbePort: port.numberValue });
    new TerraformOutput(scope, "url", { value: connectors["a-1"]?.healthProbeUrl });
  });
  const [instance] = Object.values(stack.ofType("aws_instance"));
  expect(instance?.["user_data"]).toMatch(/^HTTP_PROBE_PORT=\$\{var\.port\}$/m);
  expect(stack.text).toMatch(/:\$\{var\.port\}\/\?cchealth/);
});
