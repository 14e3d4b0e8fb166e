import { SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { jsonDocument, type RoleSettings, ServiceRole } from "../../iam";
import { awsName } from "../../naming";
import { commandContent, type Procedure, procedures } from "./procedures";
import { replacementContent } from "./replacement";

export interface OperationsDocumentsProps {
  /** The deployment's name, and the value of the tag `zscaler-app-connectors` of its instances. */
  readonly name: string;
  /** ARN of the Auto Scaling group of the App Connectors. @default they are fixed: there is no document that replaces one */
  readonly groupArn?: string | undefined;
  /** Seconds in which an App Connector enrolls. */
  readonly enrollSeconds: number;
  /** Seconds for which one that ends keeps its sessions. */
  readonly drainSeconds: number;
  /** Bucket for collected logs, below `<name>/<instance id>/`. @default their end is shown */
  readonly logBucket?: string | undefined;
  /** @default path "/", no boundary */
  readonly iam?: RoleSettings | undefined;
}

/** How many run at once, and how many may fail before no other is begun. */
const rates = {
  reads: "--max-concurrency 10 --max-errors 100%",
  changes: "--max-concurrency 1 --max-errors 0",
} as const satisfies Record<Procedure["effect"], string>;

/**
 * Documents of Systems Manager for what is done on App Connectors in operation: `status`, `check-size`, `restart`, `update-packages`,
 * `collect-logs`, `re-enroll` and, in an Auto Scaling group, `replace` with the role by which Automation does it.
 *
 * Each is named `zscaler-app-connectors-<name>-<procedure>`: the deployment's name alone might begin with `aws` or `amazon`, which Systems
 * Manager keeps to itself (Systems Manager API, "CreateDocument").
 */
export class OperationsDocuments extends Construct {
  /** The documents by procedure. */
  readonly documents: Readonly<Record<string, SsmDocument>>;
  /** By procedure, the AWS CLI's command that runs it on all App Connectors of the deployment. */
  readonly commands: Readonly<Record<string, string>>;
  /** The role by which Automation replaces instances, in a group. */
  readonly role: ServiceRole | undefined;
  private readonly props: OperationsDocumentsProps;

  constructor(scope: Construct, id: string, props: OperationsDocumentsProps) {
    super(scope, id);
    this.props = props;
    const { groupArn, enrollSeconds, drainSeconds, logBucket } = props;
    const onInstances = Object.entries(procedures({ name: props.name, enrollSeconds, logBucket }));
    const targets = `--targets Key=tag:zscaler-app-connectors,Values=${props.name}`;
    const documents = onInstances.map(([procedure, content]): [string, SsmDocument] => [
      procedure,
      this.document(procedure, "Command", commandContent(idOf(procedure), content)),
    ]);
    const commands = onInstances.map(([procedure, { effect }]): [string, string] => [
      procedure,
      `aws ssm send-command --document-name ${this.nameOf(procedure)} ${targets} ${rates[effect]}`,
    ]);

    this.role = groupArn === undefined ? undefined : automationRole(this, props.name, groupArn, props.iam);
    if (this.role) {
      const content = replacementContent({ roleArn: this.role.role.arn, enrollSeconds, drainSeconds });
      documents.push(["replace", this.document("replace", "Automation", content, this.role.policies)]);
      commands.push([
        "replace",
        `aws ssm start-automation-execution --document-name ${this.nameOf("replace")} --target-parameter-name InstanceId ${targets} ${rates.changes}`,
      ]);
    }
    this.documents = Object.fromEntries(documents);
    this.commands = Object.fromEntries(commands);
  }

  private nameOf(procedure: string): string {
    return awsName("document", "zscaler-app-connectors", this.props.name, procedure);
  }

  private document(
    procedure: string,
    documentType: "Command" | "Automation",
    content: object,
    dependsOn: readonly ITerraformDependable[] = [],
  ): SsmDocument {
    return new SsmDocument(this, idOf(procedure), {
      name: this.nameOf(procedure),
      documentType,
      documentFormat: "JSON",
      // Disks and interfaces have the instances' tags too, and are no targets.
      targetType: "/AWS::EC2::Instance",
      content: jsonDocument(content),
      dependsOn: [...dependsOn],
    });
  }
}

const idOf = (procedure: string): string => procedure.replaceAll("-", "_");

/** The role by which Automation replaces an instance of one group. */
const automationRole = (scope: Construct, name: string, groupArn: string, iam: RoleSettings | undefined): ServiceRole =>
  new ServiceRole(scope, "role", {
    name: `${name}-replace`,
    description: `Replaces App Connectors of ${name}, by Systems Manager`,
    service: "ssm",
    policies: {
      replace: [
        { Effect: "Allow", Action: "autoscaling:SetInstanceHealth", Resource: groupArn },
        // Automation finds its targets by their tag. Neither can be narrowed to a resource.
        { Effect: "Allow", Action: ["ec2:DescribeInstances", "tag:GetResources"], Resource: "*" },
      ],
    },
    iam,
  });
