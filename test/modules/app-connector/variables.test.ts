import { TerraformVariable } from "cdktf";
import { type ZscalerStack } from "../../../stacks/zscaler-stack";
import { type Block } from "../../stacks/synthesize";
import { type More, settingsOf, synthesizeAppConnectors } from "./fixture";

/** Terraform variables by name, of each kind. */
const variables = (stack: ZscalerStack) => {
  const variable = (name: string, type: string) => new TerraformVariable(stack, name, { type });
  return {
    text: (name: string) => variable(name, "string").stringValue,
    number: (name: string) => variable(name, "number").numberValue,
    flag: (name: string) => variable(name, "bool").booleanValue,
    map: (name: string) => variable(name, "map(string)").value as Record<string, string>,
  };
};

type Variables = ReturnType<typeof variables>;

/** Every value that App Connectors of both kinds can have known only at deployment. */
const common = ({ text, number }: Variables): More => ({
  name: text("name"),
  vpcId: text("vpc"),
  zones: { a: { subnetId: text("subnet_a") }, b: { subnetId: text("subnet_b") } },
  applications: { ranges: { crm: { range: text("range"), tcp: [443], icmp: true } } },
  instanceType: text("instance_type"),
  disk: { sizeGb: number("disk_size"), type: text("disk_type"), kmsKey: text("disk_key") },
  proxy: { host: text("proxy_host"), port: number("proxy_port"), secret: text("proxy_secret") },
  dns: { servers: [text("resolver")] },
  routes: { datacentre: { range: text("route_range"), gateway: text("gateway") } },
  tcpKeepalive: {
    timeSeconds: number("keepalive_time"),
    intervalSeconds: number("keepalive_interval"),
    probes: number("keepalive_probes"),
  },
  certificates: {
    root: { parameter: { name: text("certificate") } },
    other: { s3: { bucket: text("certificate_bucket"), key: text("certificate_key") } },
  },
  ssh: { keyName: text("key_name"), allowFrom: { office: text("office") } },
  portal: {
    vanityDomain: text("vanity"),
    customerId: text("customer"),
    microtenantId: text("microtenant"),
    secret: text("portal_secret"),
    secretKmsKey: text("portal_key"),
  },
  operations: {
    cpuPercent: number("cpu"),
    logBucket: text("log_bucket"),
    alarms: { topic: { arn: text("topic") } },
    runtime: text("runtime"),
    architecture: text("architecture"),
    memory: number("memory"),
    logRetentionDays: number("retention"),
    reservedConcurrency: number("concurrency"),
  },
  iam: { path: text("path"), permissionsBoundary: text("boundary") },
});

const zpaGroup = ({ text, number }: Variables) => ({
  name: text("zpa_name"),
  description: text("zpa_description"),
  countryCode: text("country"),
  cityCountry: text("city"),
  location: text("location"),
  latitude: number("latitude"),
  longitude: number("longitude"),
  upgradeDay: text("day"),
  upgradeTimeSeconds: number("seconds"),
  dnsQueryType: text("query_type"),
});

const synthesized = (given: (variables: Variables) => More) => {
  const stack = synthesizeAppConnectors((scope) => {
    const made = variables(scope);
    return { ...common(made), ...given(made) };
  });
  const missing = Object.keys(stack.file.variable ?? {}).filter((name) => !stack.text.includes(`var.${name}`));
  return { stack, missing };
};

describe("each value that may be a variable reaches Terraform as one, in texts too:", () => {
  test("a fixed number with a stored secret", () => {
    const { stack, missing } = synthesized(({ text }) => ({
      image: { rhel: {} },
      addresses: { "a-1": text("address") },
      enrollment: { key: { secretsManager: { secret: text("key"), kmsKey: text("key_key") } } },
    }));
    expect(missing).toEqual([]);
    // What a token looks like to who takes it for a text or a number.
    expect(stack.text).not.toMatch(/TfToken|e\+\d{3}/);
    expect(settingsOf(stack)).toMatchObject({
      PARAMETERS: "/zscaler/app-connectors/${var.name}",
      KEY_SOURCE: "${var.key}",
      PROXY: "${var.proxy_host}:${var.proxy_port}",
    });
    // Of a name AWS makes an ARN with six characters more; an ARN is one already.
    const composed =
      "arn:${data.aws_partition.partition.partition}:secretsmanager:${data.aws_region.region.id}:${data.aws_caller_identity.caller_identity.account_id}:secret:${var.key}-??????";
    expect(stack.at("aws_iam_role_policy.app_connectors_role_enrollment")["policy"]).toContain(
      `"Resource":"\${startswith(var.key, "arn:") ? var.key : "${composed}"}"`,
    );
    expect(stack.at("aws_vpc_security_group_egress_rule.app_connectors_traffic_proxy_out")["cidr_ipv4"]).toBe(
      '${can(cidrhost(join("/", [var.proxy_host, "32"]), 0)) ? join("/", [var.proxy_host, "32"]) : "0.0.0.0/0"}',
    );
  });

  test("a group with a stored parameter", () => {
    const { stack, missing } = synthesized(({ text, number, flag, map }) => ({
      tags: map("tags"),
      image: { zscaler: { ami: text("ami") } },
      enrollment: { key: { parameterStore: { parameter: text("key"), kmsKey: text("key_key") } } },
      fleet: {
        autoScaling: {
          target: { networkInBytes: number("target") },
          graceSeconds: number("grace"),
          warmUpSeconds: number("warm_up"),
          launchHook: { wait: { timeoutSeconds: number("launch") } },
          drainMinutes: number("drain"),
          warmPool: { reuseOnScaleIn: flag("reuse") },
          protectFromScaleIn: flag("protect"),
          notifications: { topic: { arn: text("notifications") } },
        },
      },
    }));
    expect(missing).toEqual([]);
    expect(stack.text).not.toMatch(/TfToken|e\+\d{3}/);
    expect(stack.at("aws_autoscaling_group.app_connectors_group")["timeouts"]).toEqual({
      delete: "${((var.drain * 60) + 1800)}s",
      update: "${((var.drain * 60) + 1800)}s",
    });
    const [tagged] = stack.at("aws_launch_template.app_connectors_group")["tag_specifications"] as readonly Block[];
    expect(tagged?.["tags"]).toBe('${merge(merge(var.tags, local.app_connectors_tags), { Name = "${var.name}-app-connector" })}');
    expect(stack.file).toMatchObject({ locals: { app_connectors_tags: { "zscaler-app-connectors": "${var.name}" } } });
    expect(stack.text).toContain('\\"drainSeconds\\":${(var.drain * 60)},');
  });

  test("a key that is made", () => {
    const { stack, missing } = synthesized((made) => ({
      enrollment: { key: { create: { keyInState: "accepted", name: made.text("key_name_in_zpa"), group: zpaGroup(made) } } },
    }));
    expect(missing).toEqual([]);
    expect(stack.text).not.toMatch(/TfToken|e\+\d{3}/);
  });

  test("a group in ZPA for codes", () => {
    const { stack, missing } = synthesized((made) => ({ enrollment: { oauth: { group: { create: zpaGroup(made) } } } }));
    expect(missing).toEqual([]);
    expect(stack.text).not.toMatch(/TfToken|e\+\d{3}/);
  });
});
