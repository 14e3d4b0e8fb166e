import {
  AllocateAddressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateNatGatewayCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateLaunchTemplateCommand,
  CreateTagsCommand,
  CreateTransitGatewayCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  CreateVpcEndpointServiceConfigurationCommand,
  DeleteNatGatewayCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcEndpointServicesCommand,
  DisassociateTransitGatewayRouteTableCommand,
  EC2Client,
  GetEbsDefaultKmsKeyIdCommand,
  ModifyInstanceAttributeCommand,
  ModifySubnetAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type Instance,
  type NetworkInterface,
  type RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { CreateLoadBalancerCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  type Message,
  type QueueAttributeName,
} from "@aws-sdk/client-sqs";
import { clientConfiguration, startEmulator, type Emulator } from "../../emulator";

const region = "us-west-2";
const given = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error("the emulator answered without a value that AWS always gives");
  return value;
};

let emulator: Emulator;
let ec2: EC2Client;
let vpc: string;

beforeAll(async () => {
  emulator = await startEmulator();
  ec2 = new EC2Client(clientConfiguration({ endpoint: emulator.endpoint, region: region }));
  vpc = given((await ec2.send(new CreateVpcCommand({ CidrBlock: "10.1.0.0/16" }))).Vpc?.VpcId);
}, 180_000);
afterAll(() => emulator.stop());

let subnets = 0;
/** A subnet of 11 addresses. */
const subnet = async (zone = "b"): Promise<string> => {
  const range = `10.1.${(subnets += 1)}.0/28`;
  const made = await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: range, AvailabilityZone: `${region}${zone}` }));
  return given(made.Subnet?.SubnetId);
};
const group = async (name: string): Promise<string> =>
  given((await ec2.send(new CreateSecurityGroupCommand({ VpcId: vpc, GroupName: name, Description: name }))).GroupId);
const networkInterface = async (subnetId: string, groupId: string): Promise<string> =>
  given(
    (await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: subnetId, Groups: [groupId] }))).NetworkInterface?.NetworkInterfaceId,
  );
const launch = async (input: Partial<RunInstancesCommandInput>): Promise<string> => {
  const common = { ImageId: "ami-12c6146b", InstanceType: "m6i.large" as const, MinCount: 1, MaxCount: 1 };
  return given((await ec2.send(new RunInstancesCommand({ ...common, ...input }))).Instances?.[0]?.InstanceId);
};
const instance = async (id: string): Promise<Instance> =>
  given((await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations?.[0]?.Instances?.[0]);
const interfacesIn = async (subnetId: string): Promise<NetworkInterface[]> =>
  given((await ec2.send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: "subnet-id", Values: [subnetId] }] }))).NetworkInterfaces);
const groupsOf = ({ Groups = [] }: NetworkInterface): (string | undefined)[] => Groups.map(({ GroupId }) => GroupId);

/** A call of a service that the project has no SDK client for. The emulator reads a signature for the service only. */
const call = async (service: string, headers: Record<string, string>, body: string): Promise<string> => {
  const authorization = `AWS4-HMAC-SHA256 Credential=emulator/20260102/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  return (await fetch(emulator.endpoint, { method: "POST", headers: { ...headers, authorization }, body })).text();
};

test("a subnet keeps its hostname type", async () => {
  const id = await subnet();
  await ec2.send(new ModifySubnetAttributeCommand({ SubnetId: id, PrivateDnsHostnameTypeOnLaunch: "resource-name" }));
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] }));
  expect(Subnets?.[0]?.PrivateDnsNameOptionsOnLaunch?.HostnameType).toBe("resource-name");
  const inherits = await instance(await launch({ SubnetId: id }));
  expect(inherits.PrivateDnsNameOptions).toMatchObject({ HostnameType: "resource-name", EnableResourceNameDnsARecord: false });
  const own = { HostnameType: "ip-name" as const, EnableResourceNameDnsARecord: true };
  expect((await instance(await launch({ SubnetId: id, PrivateDnsNameOptions: own }))).PrivateDnsNameOptions).toMatchObject(own);
});

test("an instance with existing interfaces is where they are, has the first one's groups, and leaves them when it ends", async () => {
  const where = await subnet("b");
  const [service, management, other] = [await group("service"), await group("management"), await group("other")];
  const first = await networkInterface(where, service);
  const second = await networkInterface(where, management);
  const interfaces = [first, second].map((NetworkInterfaceId, DeviceIndex) => ({ NetworkInterfaceId, DeviceIndex }));
  const id = await launch({ NetworkInterfaces: interfaces });

  const running = await instance(id);
  expect(running.Placement?.AvailabilityZone).toBe(`${region}b`);
  expect((running.SecurityGroups ?? []).map(({ GroupId }) => GroupId)).toEqual([service]);
  expect(running.NetworkInterfaces?.map(({ Association }) => Association)).toEqual([undefined, undefined]);
  expect((await interfacesIn(where)).map((made) => groupsOf(made))).toEqual([[service], [management]]);

  await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, Groups: [other] }));
  expect((await interfacesIn(where)).map((made) => groupsOf(made))).toEqual([[other], [management]]);

  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  const left = await interfacesIn(where);
  expect(left.map(({ NetworkInterfaceId, Status, Attachment }) => ({ NetworkInterfaceId, Status, Attachment }))).toEqual([
    { NetworkInterfaceId: first, Status: "available", Attachment: undefined },
    { NetworkInterfaceId: second, Status: "available", Attachment: undefined },
  ]);
});

test("an interface that a launch made ends with the instance, and so does a root volume without a size", async () => {
  const where = await subnet();
  const root = { DeviceName: "/dev/sda1", Ebs: { VolumeType: "gp3" as const, Encrypted: true, DeleteOnTermination: true } };
  const id = await launch({ SubnetId: where, BlockDeviceMappings: [root] });
  const volumes = { Filters: [{ Name: "attachment.instance-id", Values: [id] }] };
  expect((await ec2.send(new DescribeVolumesCommand(volumes))).Volumes).toMatchObject([{ Size: 8, Encrypted: true }]);
  expect(await interfacesIn(where)).toHaveLength(1);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  expect(await interfacesIn(where)).toEqual([]);
  expect((await ec2.send(new DescribeVolumesCommand(volumes))).Volumes).toEqual([]);
  expect((await ec2.send(new GetEbsDefaultKmsKeyIdCommand())).KmsKeyId).toBe("alias/aws/ebs");
});

test("interfaces of all kinds have addresses of their own in their subnet", async () => {
  const where = await subnet();
  const groupId = await group("addresses");
  const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
  const gateway = await ec2.send(new CreateNatGatewayCommand({ SubnetId: where, AllocationId }));
  const service = { ServiceName: `com.amazonaws.${region}.ssm`, VpcEndpointType: "Interface" as const };
  await ec2.send(new CreateVpcEndpointCommand({ VpcId: vpc, SubnetIds: [where], ...service }));
  for (let made = 0; made < 8; made += 1) await networkInterface(where, groupId);
  await launch({ SubnetId: where });
  const range = `10.1.${subnets}`;
  const addresses = (await interfacesIn(where)).map(({ PrivateIpAddress }) => PrivateIpAddress);
  expect(new Set(addresses)).toEqual(new Set(Array.from({ length: 11 }, (_, index) => `${range}.${index + 4}`)));

  await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: given(gateway.NatGateway?.NatGatewayId) }));
  expect(await interfacesIn(where)).toHaveLength(10);
});

test("a rule keeps its description whatever its peer is", async () => {
  const [groupId, peer] = [await group("rules"), await group("peer")];
  const permission = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, UserIdGroupPairs: [{ GroupId: peer, Description: "from the peer" }] };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [permission] }));
  const found = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [groupId] }] }));
  expect(found.SecurityGroupRules?.filter(({ IsEgress }) => !IsEgress)).toMatchObject([{ Description: "from the peer" }]);
});

test("endpoint services are listed by their type", async () => {
  const named = async (service: string, type: string) => {
    const filter = { ServiceNames: [`com.amazonaws.${region}.${service}`], Filters: [{ Name: "service-type", Values: [type] }] };
    return (await ec2.send(new DescribeVpcEndpointServicesCommand(filter))).ServiceDetails?.length;
  };
  for (const service of ["secretsmanager", "ssm", "ssmmessages", "logs", "monitoring", "kms", "ec2", "autoscaling"]) {
    expect([service, await named(service, "Interface")]).toEqual([service, 1]);
  }
  expect(await named("s3", "Gateway")).toBe(1);
});

test("the service of a Gateway Load Balancer is found by its name, with its type and zones", async () => {
  const balancing = new ElasticLoadBalancingV2Client(clientConfiguration({ endpoint: emulator.endpoint, region }));
  const Subnets = [await subnet("a"), await subnet("c")];
  const { LoadBalancers } = await balancing.send(new CreateLoadBalancerCommand({ Name: "service", Type: "gateway", Subnets }));
  const arn = given(LoadBalancers?.[0]?.LoadBalancerArn);
  const made = await ec2.send(new CreateVpcEndpointServiceConfigurationCommand({ GatewayLoadBalancerArns: [arn] }));
  const name = given(made.ServiceConfiguration?.ServiceName);
  const { ServiceDetails } = await ec2.send(new DescribeVpcEndpointServicesCommand({ ServiceNames: [name] }));
  const ServiceType = [{ ServiceType: "GatewayLoadBalancer" }];
  expect(made.ServiceConfiguration?.ServiceType).toEqual(ServiceType);
  expect(ServiceDetails).toMatchObject([{ ServiceName: name, ServiceType, AvailabilityZones: [`${region}a`, `${region}c`] }]);
});

test("a launch template has tags of its own, apart from those it gives", async () => {
  const tags = (Value: string) => [{ Key: "Owner", Value }];
  const data = { InstanceType: "m6i.large" as const, TagSpecifications: [{ ResourceType: "instance" as const, Tags: tags("instance") }] };
  const TagSpecifications = [{ ResourceType: "launch-template" as const, Tags: tags("template") }];
  const template = { LaunchTemplateName: "tagged", LaunchTemplateData: data, TagSpecifications };
  const LaunchTemplateId = given((await ec2.send(new CreateLaunchTemplateCommand(template))).LaunchTemplate?.LaunchTemplateId);
  const { LaunchTemplateVersions } = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId }));
  expect(LaunchTemplateVersions?.map(({ LaunchTemplateData }) => LaunchTemplateData?.TagSpecifications)).toEqual([data.TagSpecifications]);
  const kept = async () =>
    (await ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [LaunchTemplateId] }))).LaunchTemplates?.[0]?.Tags;
  expect(await kept()).toEqual(tags("template"));
  await ec2.send(new CreateTagsCommand({ Resources: [LaunchTemplateId], Tags: tags("later") }));
  expect(await kept()).toEqual(tags("later"));
});

test("what is not associated with a Transit Gateway route table cannot be disassociated", async () => {
  const { TransitGateway } = await ec2.send(new CreateTransitGatewayCommand());
  const table = given(TransitGateway?.Options?.AssociationDefaultRouteTableId);
  const attachment = { TransitGatewayAttachmentId: "tgw-attach-1", TransitGatewayRouteTableId: table };
  const disassociate = ec2.send(new DisassociateTransitGatewayRouteTableCommand(attachment));
  await expect(disassociate).rejects.toMatchObject({ name: "InvalidAssociation.NotFound" });
});

test("a load balancer's ARN says its kind, and its tags go with it", async () => {
  const where = await subnet();
  const query = (action: string, more: Record<string, string>): string =>
    new URLSearchParams({ Action: action, Version: "2015-12-01", ...more }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const tag = { "Tags.member.1.Key": "Owner", "Tags.member.1.Value": "netsec" };
  const options = { Name: "gateway", Type: "gateway", "Subnets.member.1": where, ...tag };
  const made = await call("elasticloadbalancing", headers, query("CreateLoadBalancer", options));
  const [, arn = ""] = /<LoadBalancerArn>(.*?)</.exec(made) ?? [];
  expect(arn).toContain(":loadbalancer/gwy/gateway/");
  const tags = await call("elasticloadbalancing", headers, query("DescribeTags", { "ResourceArns.member.1": arn }));
  expect(tags).toContain("netsec");
});

const resolver = async <Answer>(action: string, body: object): Promise<Answer> => {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `Route53Resolver.${action}` };
  return JSON.parse(await call("route53resolver", headers, JSON.stringify(body))) as Answer;
};
interface RuleAnswer {
  readonly ResolverRule: { readonly Id: string; readonly Name: string; readonly TargetIps: readonly object[] };
}

test("resolver rule associations without a name are listed", async () => {
  for (const DomainName of ["one.example.com", "two.example.com"]) {
    const { ResolverRule } = await resolver<RuleAnswer>("CreateResolverRule", {
      CreatorRequestId: DomainName,
      RuleType: "SYSTEM",
      DomainName,
    });
    await resolver("AssociateResolverRule", { ResolverRuleId: ResolverRule.Id, VPCId: vpc });
  }
  const listed = await resolver<{ ResolverRuleAssociations: unknown[] }>("ListResolverRuleAssociations", {});
  expect(listed.ResolverRuleAssociations).toHaveLength(2);
});

test("a resolver rule gets other targets and keeps what is not said", async () => {
  const [former, later] = [[{ Ip: "192.0.2.1", Port: 53 }], [{ Ip: "192.0.2.2", Port: 53 }]];
  const rule = { CreatorRequestId: "crm", RuleType: "FORWARD", DomainName: "crm.example.com", Name: "crm", TargetIps: former };
  const { ResolverRule } = await resolver<RuleAnswer>("CreateResolverRule", rule);
  await resolver("UpdateResolverRule", { ResolverRuleId: ResolverRule.Id, Config: { TargetIps: later } });
  const found = await resolver<RuleAnswer>("GetResolverRule", { ResolverRuleId: ResolverRule.Id });
  expect(found.ResolverRule).toMatchObject({ Name: "crm", TargetIps: later });
});

test("a rule is shared with accounts, one after the other, by a share with tags", async () => {
  const ram = async <Answer>(action: string, body: object): Promise<Answer> => {
    const authorization = `AWS4-HMAC-SHA256 Credential=emulator/20260102/${region}/ram/aws4_request, SignedHeaders=host, Signature=0`;
    const headers = { "content-type": "application/json", authorization };
    const answer = await fetch(`${emulator.endpoint}/${action}`, { method: "POST", headers, body: JSON.stringify(body) });
    return (await answer.json()) as Answer;
  };
  interface Share {
    readonly resourceShareArn: string;
    readonly tags: readonly object[];
  }
  const tags = (value: string) => [{ key: "Owner", value }];
  const { resourceShare } = await ram<{ resourceShare: Share }>("createresourceshare", { name: "zpa", tags: tags("netsec") });
  const { resourceShareArn } = resourceShare;
  const rule = `arn:aws:route53resolver:${region}:123456789012:resolver-rule/rslvr-rr-1`;
  const associated = async (associationType: string) => {
    const asked = { associationType, resourceShareArns: [resourceShareArn] };
    const answer = await ram<{ resourceShareAssociations: { associatedEntity: string }[] }>("getresourceshareassociations", asked);
    return answer.resourceShareAssociations.map(({ associatedEntity }) => associatedEntity);
  };
  await ram("associateresourceshare", { resourceShareArn, resourceArns: [rule] });
  await ram("associateresourceshare", { resourceShareArn, principals: ["210987654321"] });
  await ram("associateresourceshare", { resourceShareArn, principals: ["310987654321"] });
  await ram("disassociateresourceshare", { resourceShareArn, principals: ["210987654321"] });
  expect([await associated("RESOURCE"), await associated("PRINCIPAL")]).toEqual([[rule], ["310987654321"]]);
  expect(await ram("listresourcesharepermissions", { resourceShareArn })).toEqual({ permissions: [] });

  const kept = async () => (await ram<{ resourceShares: readonly Share[] }>("getresourceshares", { resourceOwner: "SELF" })).resourceShares;
  expect(await kept()).toMatchObject([{ tags: tags("netsec") }]);
  await ram("tagresource", { resourceShareArn, tags: [...tags("later"), { key: "Team", value: "netsec" }] });
  await ram("untagresource", { resourceShareArn, tagKeys: ["Team"] });
  expect(await kept()).toMatchObject([{ tags: tags("later") }]);
});

describe("queues", () => {
  let sqs: SQSClient;
  beforeAll(() => {
    sqs = new SQSClient(clientConfiguration({ endpoint: emulator.endpoint, region }));
  });
  const queue = async (QueueName: string, more: Partial<Record<QueueAttributeName, string>> = {}): Promise<string> => {
    const Attributes = { ...(QueueName.endsWith(".fifo") && { FifoQueue: "true" }), ...more };
    return given((await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl);
  };
  const attributes = async (QueueUrl: string) =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }))).Attributes;
  const arn = (name: string): string => `arn:aws:sqs:${region}:123456789012:${name}`;

  test("keep their documents as they were written, and each until it is taken away", async () => {
    const QueueUrl = await queue("kept");
    await queue("kept-dead");
    const documents = {
      Policy: `{"Version":"2012-10-17","Statement":[]}`,
      RedrivePolicy: `{"maxReceiveCount":5,"deadLetterTargetArn":"${arn("kept-dead")}"}`,
      RedriveAllowPolicy: `{"redrivePermission":"denyAll"}`,
    };
    for (const [name, document] of Object.entries(documents)) {
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { [name]: document } }));
    }
    expect(await attributes(QueueUrl)).toMatchObject(documents);
    const none = Object.fromEntries(Object.keys(documents).map((name) => [name, ""]));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: none }));
    const left = Object.keys(given(await attributes(QueueUrl)));
    expect(left.filter((name) => name in documents)).toEqual([]);
  });

  test("in a FIFO queue a group's messages come in order, wait for each other, and go to the dead letters", async () => {
    const dead = await queue("removals-dead.fifo");
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn("removals-dead.fifo"), maxReceiveCount: 2 });
    const QueueUrl = await queue("removals.fifo", { RedrivePolicy, VisibilityTimeout: "900" });
    const send = async (body: string, group: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body, MessageGroupId: group, MessageDeduplicationId: body }));
    const receive = async (url = QueueUrl): Promise<readonly Message[]> =>
      (await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All"] })))
        .Messages ?? [];
    const bodies = (messages: readonly Message[]) => messages.map(({ Body, Attributes }) => [Body, Attributes?.["MessageGroupId"]]);
    const again = async ({ ReceiptHandle }: Message) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    for (const body of ["a-1", "a-2", "a-2", "b-1"]) await send(body, body.slice(0, 1));

    const first = await receive();
    expect(bodies(first)).toEqual([
      ["a-1", "a"],
      ["a-2", "a"],
      ["b-1", "b"],
    ]);
    await send("a-3", "a");
    expect(await receive()).toEqual([]);
    for (const { ReceiptHandle } of first.slice(0, 2)) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    expect(bodies(await receive())).toEqual([["a-3", "a"]]);

    await again(given(first[2]));
    const [second] = await receive();
    expect(second?.Attributes?.["ApproximateReceiveCount"]).toBe("2");
    await again(given(second));
    expect(await receive()).toEqual([]);
    expect(bodies(await receive(dead))).toEqual([["b-1", "b"]]);
  });
});

test("a function keeps where it logs, its retries, its dead-letter queue and its processor", async () => {
  const document = JSON.stringify({
    Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
  });
  const role = new URLSearchParams({ Action: "CreateRole", Version: "2010-05-08", RoleName: "lambda", AssumeRolePolicyDocument: document });
  const made = await call("iam", { "content-type": "application/x-www-form-urlencoded" }, role.toString());
  const [, Role] = /<Arn>(.*?)</.exec(made) ?? [];
  const client = new LambdaClient(clientConfiguration({ endpoint: emulator.endpoint, region }));
  const FunctionName = "keeps";
  // An empty zip file.
  const ZipFile = Uint8Array.from([0x50, 0x4b, 0x05, 0x06, ...Array<number>(18).fill(0)]);
  const queue = (name: string): { TargetArn: string } => ({ TargetArn: `arn:aws:sqs:${region}:123456789012:${name}` });
  const kept = async () => {
    const { DeadLetterConfig, Architectures } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return { DeadLetterConfig, Architectures };
  };
  const common = { FunctionName, Role, Runtime: "nodejs22.x" as const, Handler: "index.handler" };
  await client.send(new CreateFunctionCommand({ ...common, Code: { ZipFile }, Architectures: ["arm64"], DeadLetterConfig: queue("one") }));
  expect(await kept()).toEqual({ DeadLetterConfig: queue("one"), Architectures: ["arm64"] });
  await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, DeadLetterConfig: queue("two") }));
  await client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
  expect(await kept()).toEqual({ DeadLetterConfig: queue("two"), Architectures: ["arm64"] });
  await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, DeadLetterConfig: { TargetArn: "" } }));
  await client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Architectures: ["x86_64"] }));
  expect(await kept()).toEqual({ DeadLetterConfig: undefined, Architectures: ["x86_64"] });

  const LoggingConfig = { LogFormat: "JSON" as const, LogGroup: "/aws/lambda/keeps", ApplicationLogLevel: "INFO" as const };
  await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, LoggingConfig }));
  expect((await client.send(new GetFunctionConfigurationCommand({ FunctionName }))).LoggingConfig).toEqual(LoggingConfig);
  for (const MaximumEventAgeInSeconds of [3600, 600]) {
    await client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumEventAgeInSeconds }));
  }
  const retries = await client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
  expect(retries.MaximumEventAgeInSeconds).toBe(600);
  client.destroy();
});
