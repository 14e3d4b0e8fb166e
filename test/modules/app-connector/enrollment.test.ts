import { AppConnectors } from "../../../modules/app-connector";
import { madeBefore } from "../../stacks/graph";
import { type SynthesizedStack } from "../../stacks/synthesize";
import {
  allow,
  arn,
  groupArn,
  type More,
  partition,
  policiesOf,
  portal,
  props,
  settingsOf,
  synthesizeAppConnectors,
  zpaGroup,
} from "./fixture";

const policies = (stack: SynthesizedStack) => policiesOf(stack, "app_connectors_role");
const enrolling = (enrollment: object, more: More = {}) => synthesizeAppConnectors({ enrollment, ...more });

describe("the role of the instances", () => {
  const published = ["codes", "ids", "retired"].map((kind) => arn("ssm", `parameter/zscaler/app-connectors/private/${kind}/*`));

  test("reads its key and nothing else, and is reached by Systems Manager", () => {
    expect(policies(synthesizeAppConnectors())).toEqual({
      enrollment: [allow("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:ZS/AC/provisioning-key-??????"))],
      parameters: [allow("ssm:PutParameter", published)],
      systems_manager: [
        allow(
          [
            "ec2messages:AcknowledgeMessage",
            "ec2messages:DeleteMessage",
            "ec2messages:FailMessage",
            "ec2messages:GetEndpoint",
            "ec2messages:GetMessages",
            "ec2messages:SendReply",
            "ssm:ListAssociations",
            "ssm:ListInstanceAssociations",
            "ssm:UpdateInstanceInformation",
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
          ],
          "*",
        ),
      ],
    });
  });

  test("has what each further setting needs", () => {
    const stack = synthesizeAppConnectors({
      fleet: { autoScaling: {} },
      proxy: { host: "proxy.internal", port: 3128, secret: "proxy" },
      certificates: { root: { parameter: { name: "root-certificate" } }, other: { s3: { bucket: "certificates", key: "other.pem" } } },
      operations: { logBucket: "logs" },
      iam: { path: "/network/", permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" },
    });
    expect(policies(stack)).toMatchObject({
      certificates: [
        allow("ssm:GetParameter", [arn("ssm", "parameter/root-certificate")]),
        allow("s3:GetObject", [`arn:${partition}:s3:::certificates/other.pem`]),
      ],
      proxy: [allow("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:proxy-??????"))],
      lifecycle: [allow("autoscaling:CompleteLifecycleAction", groupArn)],
      logs: [allow("s3:PutObject", `arn:${partition}:s3:::logs/private/*`)],
    });
    for (const role of Object.values(stack.ofType("aws_iam_role"))) {
      expect(role).toMatchObject({ path: "/network/", permissions_boundary: "arn:aws:iam::123456789012:policy/boundary" });
    }
  });
});

describe("with a key that is stored", () => {
  test.each([
    [
      "a secret's ARN",
      { secretsManager: { secret: "arn:aws:secretsmanager:us-west-2:123456789012:secret:ZS/AC/key-AbCdEf", field: "key" } },
      allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-west-2:123456789012:secret:ZS/AC/key-AbCdEf"),
      {
        ENROLLMENT: "secretsmanager",
        KEY_SOURCE: "arn:aws:secretsmanager:us-west-2:123456789012:secret:ZS/AC/key-AbCdEf",
        KEY_FIELD: "key",
      },
    ],
    [
      "a parameter's name",
      { parameterStore: { parameter: "/zpa/provisioning-key" } },
      allow("ssm:GetParameter", arn("ssm", "parameter/zpa/provisioning-key")),
      { ENROLLMENT: "parameterstore", KEY_SOURCE: "/zpa/provisioning-key" },
    ],
    [
      "a parameter's ARN",
      { parameterStore: { parameter: "arn:aws:ssm:us-west-2:123456789012:parameter/zpa/provisioning-key" } },
      allow("ssm:GetParameter", "arn:aws:ssm:us-west-2:123456789012:parameter/zpa/provisioning-key"),
      { ENROLLMENT: "parameterstore", KEY_SOURCE: "arn:aws:ssm:us-west-2:123456789012:parameter/zpa/provisioning-key" },
    ],
  ])("by %s", (_, key, statement, lines) => {
    const stack = enrolling({ key });
    expect(policies(stack)["enrollment"]).toEqual([statement]);
    expect(settingsOf(stack)).toMatchObject(lines);
  });

  test.each([["secretsManager", "secret"] as const, ["parameterStore", "parameter"] as const])(
    "and encrypted in %s by a customer's key, which it may use to decrypt",
    (store, name) => {
      const stack = enrolling({ key: { [store]: { [name]: "key", kmsKey: "alias/secrets" } } });
      expect(policies(stack)["enrollment"]).toContainEqual(allow("kms:Decrypt", "${data.aws_kms_key.app_connectors_enrollment_key.arn}"));
      expect(stack.at("data.aws_kms_key.app_connectors_enrollment_key")).toEqual({ key_id: "alias/secrets" });
    },
  );
});

describe("with a key that is made", () => {
  const create = {
    keyInState: "accepted",
    name: "Oregon",
    uses: 50,
    group: {
      ...zpaGroup,
      name: "oregon",
      description: "Private applications",
      cityCountry: "San Jose, US",
      upgradeDay: "MONDAY",
      upgradeTimeSeconds: 0,
      versionProfile: "newRelease",
      dnsQueryType: "IPV4",
    },
  };
  const stack = enrolling({ key: { create } });

  test("ZPA gets a group and a key for it", () => {
    expect(stack.at("zpa_app_connector_group.app_connectors")).toEqual({
      name: "oregon",
      description: "Private applications",
      country_code: "US",
      city_country: "San Jose, US",
      location: "San Jose, CA, USA",
      latitude: "37.33874",
      longitude: "-121.88525",
      upgrade_day: "MONDAY",
      upgrade_time_in_secs: "0",
      override_version_profile: true,
      version_profile_id: "2",
      dns_query_type: "IPV4",
    });
    expect(stack.at("data.zpa_enrollment_cert.app_connectors")).toEqual({ name: "Connector" });
    expect(stack.at("zpa_provisioning_key.app_connectors")).toEqual({
      name: "Oregon",
      association_type: "CONNECTOR_GRP",
      max_usage: "50",
      enrollment_cert_id: "${data.zpa_enrollment_cert.app_connectors.id}",
      zcomponent_id: "${zpa_app_connector_group.app_connectors.id}",
    });
    expect(stack.file.provider).toMatchObject({ zpa: [{}] });
  });

  test("the key goes into a secret, and from there alone to the instances, which come after it", () => {
    expect(stack.at("aws_secretsmanager_secret.app_connectors_key")).toMatchObject({ recovery_window_in_days: 0 });
    expect(stack.text.split("provisioning_key}")).toHaveLength(2);
    expect(stack.at("aws_secretsmanager_secret_version.app_connectors_key")["secret_string"]).toBe(
      "${zpa_provisioning_key.app_connectors.provisioning_key}",
    );
    const secret = "${aws_secretsmanager_secret.app_connectors_key.arn}";
    expect(settingsOf(stack)["KEY_SOURCE"]).toBe(secret);
    expect(policies(stack)["enrollment"]).toEqual([allow("secretsmanager:GetSecretValue", secret)]);
    expect([...madeBefore(stack, "aws_instance.app_connectors_a_1")]).toContain("aws_secretsmanager_secret_version.app_connectors_key");
  });

  test("names are the deployment's by default, and versions the tenant's", () => {
    const plain = enrolling({ key: { create: { keyInState: "accepted", group: zpaGroup } } });
    expect(plain.at("zpa_provisioning_key.app_connectors")).toMatchObject({ name: "private", max_usage: "100" });
    const group = plain.at("zpa_app_connector_group.app_connectors");
    expect(group["name"]).toBe("private");
    expect(Object.keys(group).filter((attribute) => /version/.test(attribute))).toEqual([]);
  });

  test("a stack has one provider of ZPA, however many App Connectors it has", () => {
    const two = synthesizeAppConnectors({ enrollment: { key: { create } } }, (_, scope) => {
      new AppConnectors(scope, "others", {
        ...props,
        name: "others",
        enrollment: { key: { create: { keyInState: "accepted", group: zpaGroup } } },
      });
    });
    expect(two.file.provider?.["zpa"]).toHaveLength(1);
    expect(Object.keys(two.ofType("zpa_app_connector_group"))).toHaveLength(2);
  });
});

describe("with codes", () => {
  test("in a group that exists nothing is made in ZPA, and no key is read", () => {
    const stack = enrolling({ oauth: { group: { existing: { id: "72058304855015425" } } } }, { portal });
    expect(settingsOf(stack)).toMatchObject({ ENROLLMENT: "oauth" });
    expect(settingsOf(stack)).not.toHaveProperty("KEY_SOURCE");
    expect(Object.keys(policies(stack)).sort()).toEqual(["parameters", "systems_manager"]);
    expect(Object.keys(stack.file.provider ?? {})).toEqual(["aws"]);
  });

  test("in a group that is made, the function registers them there", () => {
    const stack = enrolling({ oauth: { group: { create: zpaGroup } } }, { portal });
    expect(stack.ofType("zpa_provisioning_key")).toEqual({});
    expect(stack.text).toContain('\\"oauth\\":{\\"group\\":\\"${zpa_app_connector_group.app_connectors.id}\\"}');
  });
});
