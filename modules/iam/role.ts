import { DataAwsServicePrincipal } from "@cdktf/provider-aws/lib/data-aws-service-principal";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { awsName } from "../naming";
import { present } from "../validation";
import { partitionOf } from "./lookups";
import { policyDocument, type Statement } from "./policy-document";
import { type RoleSettings } from "./schema";

export interface ServiceRoleProps {
  /** First words of the role's name; AWS gets them as a prefix and Terraform appends 26 characters. 38 characters with a closing hyphen. */
  readonly name: string;
  readonly description: string;
  /** The service that assumes the role, without its domain, which differs in China for some: `ec2`, `vpc-flow-logs`. */
  readonly service: string;
  /** Inline policies by id. */
  readonly policies?: Readonly<Record<string, readonly Statement[]>>;
  /** Managed policies made for the role, by id: for statements that the 10,240 characters of all inline policies do not hold. */
  readonly attachedPolicies?: Readonly<Record<string, readonly Statement[]>>;
  /** Names of policies that AWS manages. */
  readonly managedPolicies?: readonly string[];
  /** @default path "/", no boundary */
  readonly iam?: RoleSettings | undefined;
}

/** An IAM role that one AWS service assumes, with its policies. */
export class ServiceRole extends Construct {
  readonly role: IamRole;
  /** The role's policies: what runs with the role must come after them and go before them. */
  readonly policies: readonly ITerraformDependable[];
  private readonly props: ServiceRoleProps;

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    this.props = props;
    const principal = new DataAwsServicePrincipal(this, "service_principal", { serviceName: props.service });
    const { path = "/", permissionsBoundary } = props.iam ?? {};
    this.role = new IamRole(this, "iam_role", {
      namePrefix: awsName("iamPrefix", props.name, ""),
      description: props.description,
      path,
      ...present({ permissionsBoundary }),
      assumeRolePolicy: policyDocument([{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: principal.name } }]),
    });
    this.policies = [
      ...Object.entries(props.policies ?? {}).map(
        ([policy, statements]) => new IamRolePolicy(this, policy, { name: policy, role: this.role.id, policy: policyDocument(statements) }),
      ),
      ...Object.entries(props.attachedPolicies ?? {}).map(([policy, statements]) => this.attach(policy, statements)),
      ...(props.managedPolicies ?? []).map(
        (policy) =>
          new IamRolePolicyAttachment(this, policy, {
            role: this.role.name,
            policyArn: `arn:${partitionOf(this).partition}:iam::aws:policy/${policy}`,
          }),
      ),
    ];
  }

  /** The profile through which instances get the role. */
  instanceProfile(): IamInstanceProfile {
    return new IamInstanceProfile(this, "iam_instance_profile", {
      namePrefix: awsName("iamPrefix", this.props.name, ""),
      path: this.props.iam?.path ?? "/",
      role: this.role.name,
    });
  }

  private attach(id: string, statements: readonly Statement[]): IamRolePolicyAttachment {
    const scope = new Construct(this, id);
    const policy = new IamPolicy(scope, "iam_policy", {
      namePrefix: awsName("iamPolicyPrefix", this.props.name, id, ""),
      description: this.props.description,
      path: this.props.iam?.path ?? "/",
      policy: policyDocument(statements),
    });
    return new IamRolePolicyAttachment(scope, "iam_role_policy_attachment", { role: this.role.name, policyArn: policy.arn });
  }
}
