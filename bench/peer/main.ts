import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { App, TerraformStack } from "cdktf";

const app = new App();
const stack = new TerraformStack(app, "peer");
new AwsProvider(stack, "aws", { region: "us-west-2" });
const vpc = new Vpc(stack, "vpc", { cidrBlock: "10.0.0.0/16" });
new Subnet(stack, "a", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });
new Subnet(stack, "b", { vpcId: vpc.id, cidrBlock: "10.0.1.0/24" });
app.synth();
