import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { AppConnectors, type AppConnectorsProps } from "../../../modules/app-connector";
import { ZscalerStack } from "../../../stacks/zscaler-stack";
import { asText, type Block, type SynthesizedStack, synthesizeApp, type Value } from "../../stacks/synthesize";

export const props: AppConnectorsProps = {
  name: "private",
  vpcId: "vpc-0",
  zones: { a: { subnetId: "subnet-0a" }, b: { subnetId: "subnet-0b" } },
  enrollment: { key: { secretsManager: { secret: "ZS/AC/provisioning-key" } } },
  applications: { ranges: { crm: { range: "10.1.0.0/20", tcp: [443] } } },
};

export type More = { readonly [Name in keyof AppConnectorsProps]?: unknown };

/** A stack with App Connectors by the id `app_connectors`. */
export const synthesizeAppConnectors = (
  more: More | ((stack: ZscalerStack) => More) = {},
  look: (appConnectors: AppConnectors, stack: ZscalerStack) => void = () => {},
): SynthesizedStack =>
  synthesizeApp((app) => {
    const stack = new ZscalerStack(app, "theirs");
    new AwsProvider(stack, "aws", { region: "us-west-2" });
    const given = typeof more === "function" ? more(stack) : more;
    look(new AppConnectors(stack, "app_connectors", { ...props, ...(given as Partial<AppConnectorsProps>) }), stack);
  })("theirs");

export const portal = { vanityDomain: "acme", customerId: "72058304855015424", secret: "ZS/ZPA/api" };

export const zpaGroup = { countryCode: "US", location: "San Jose, CA, USA", latitude: 37.33874, longitude: -121.88525 };

const account = "${data.aws_caller_identity.caller_identity.account_id}";
export const partition = "${data.aws_partition.partition.partition}";

/** An ARN as it is composed. */
export const arn = (service: string, resource: string): string =>
  `arn:${partition}:${service}:\${data.aws_region.region.id}:${account}:${resource}`;

export const groupArn = arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/private-app-connectors");

/** The statements of the inline policies of a role, by id. */
export const policiesOf = (stack: SynthesizedStack, role: string): Readonly<Record<string, Value | undefined>> =>
  Object.fromEntries(
    Object.entries(stack.ofType("aws_iam_role_policy"))
      .filter(([, block]) => block["role"] === `\${aws_iam_role.${role}.id}`)
      .map(([address, { policy }]) => [
        address.replace(`aws_iam_role_policy.${role}_`, ""),
        (JSON.parse(asText(policy)) as { readonly Statement: Value }).Statement,
      ]),
  );

export const allow = (action: string | readonly string[], resource: string | readonly string[]): Block => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
});

/** The user data of the App Connectors, before it is packed. */
const userDataOf = ({ file }: SynthesizedStack): string =>
  (file as unknown as { readonly locals: Readonly<Record<string, string>> }).locals["app_connectors_user_data"] ?? "";

/** The settings that user data writes for the boot script. */
export const settingsOf = (stack: SynthesizedStack): Readonly<Record<string, string>> => {
  const text = /settings <<'END'\n([^]*?)^END$/m.exec(userDataOf(stack))?.[1] ?? "";
  return Object.fromEntries([...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, key = "", value = ""]) => [key, value]));
};
