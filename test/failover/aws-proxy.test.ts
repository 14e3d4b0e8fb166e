import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AutoScalingClient, SetInstanceHealthCommand } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeRouteTablesCommand, EC2Client, ReplaceRouteCommand } from "@aws-sdk/client-ec2";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientConfiguration } from "../../emulator";
import { type AwsProxy, startAwsProxy } from "./aws-proxy";

let reached: string[];
/** What Systems Manager was asked. */
let asked: string[];
let service: Server;
let proxy: AwsProxy;
let ec2: EC2Client;
let ssm: SSMClient;

beforeEach(async () => {
  reached = [];
  asked = [];
  service = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const isSsm = request.headers["x-amz-target"] !== undefined;
      if (isSsm) asked.push(Buffer.concat(chunks).toString());
      reached.push(isSsm ? "ssm" : "ec2");
      response.end(isSsm ? '{"Parameter":{"Value":"kept"}}' : "<ReplaceRouteResponse><return>true</return></ReplaceRouteResponse>");
    });
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  proxy = await startAwsProxy(`http://127.0.0.1:${(service.address() as AddressInfo).port}`);
  const configuration = { ...clientConfiguration({ endpoint: proxy.endpoint, region: "eu-west-1" }), maxAttempts: 1 };
  ec2 = new EC2Client(configuration);
  ssm = new SSMClient(configuration);
});

afterEach(async () => {
  ec2.destroy();
  ssm.destroy();
  await proxy.stop();
  service.close();
});

const replaceRoute = (table: string, abortSignal = AbortSignal.timeout(10_000)) =>
  ec2.send(new ReplaceRouteCommand({ RouteTableId: table, DestinationCidrBlock: "0.0.0.0/0", NetworkInterfaceId: "eni-1" }), {
    abortSignal,
  });
const getParameter = () => ssm.send(new GetParameterCommand({ Name: "/history" }));
const statuses = () => proxy.calls.map(({ answer }) => answer?.status);

test("calls are passed on and recorded", async () => {
  const before = Date.now();
  await replaceRoute("rtb-1");
  expect((await getParameter()).Parameter?.Value).toBe("kept");
  expect(reached).toEqual(["ec2", "ssm"]);
  expect(proxy.calls).toMatchObject([
    {
      service: "ec2",
      action: "ReplaceRoute",
      parameters: { RouteTableId: "rtb-1", DestinationCidrBlock: "0.0.0.0/0", NetworkInterfaceId: "eni-1" },
      answer: { status: 200 },
    },
    { service: "ssm", action: "GetParameter", parameters: { Name: "/history" }, answer: { status: 200 } },
  ]);
  for (const { time, answer } of proxy.calls) {
    expect(time).toBeGreaterThanOrEqual(before);
    expect(answer?.time).toBeGreaterThanOrEqual(time);
  }
});

test("throttled, EC2 and Systems Manager answer as AWS does, until the rule ends", async () => {
  const ends = [proxy.throttle({ action: "ReplaceRoute" }), proxy.throttle({ action: "GetParameter" })];
  await expect(replaceRoute("rtb-1")).rejects.toMatchObject({ name: "RequestLimitExceeded", $metadata: { httpStatusCode: 503 } });
  await expect(getParameter()).rejects.toMatchObject({ name: "ThrottlingException", $metadata: { httpStatusCode: 400 } });
  await ec2.send(new DescribeRouteTablesCommand({}));
  for (const end of ends) end();
  await replaceRoute("rtb-1");
  await getParameter();
  expect(statuses()).toEqual([503, 400, 200, 200, 200]);
  expect(reached).toEqual(["ec2", "ec2", "ssm"]);
});

test("a rule can be for so many calls, and for those with parameters of a form", async () => {
  proxy.throttle({ action: "ReplaceRoute", where: { RouteTableId: /-[12]$/ }, times: 2 });
  for (const table of ["rtb-1", "rtb-2"]) {
    await replaceRoute("rtb-3");
    await expect(replaceRoute(table)).rejects.toMatchObject({ name: "RequestLimitExceeded" });
  }
  await replaceRoute("rtb-1");
  expect(statuses()).toEqual([200, 503, 200, 503, 200]);
});

test("each service is known by its name in IAM, and refuses as it does in AWS", async () => {
  const configuration = { ...clientConfiguration({ endpoint: proxy.endpoint, region: "eu-west-1" }), maxAttempts: 1 };
  const mark = () =>
    new AutoScalingClient(configuration).send(new SetInstanceHealthCommand({ InstanceId: "i-1", HealthStatus: "Unhealthy" }));
  const read = () =>
    new CloudWatchClient(configuration).send(
      new GetMetricDataCommand({ MetricDataQueries: [], StartTime: new Date(), EndTime: new Date() }),
    );
  const queue = { QueueUrl: "https://sqs.eu-west-1.amazonaws.com/1/queue", MessageBody: "text" };
  const send = () => new SQSClient({ ...configuration, useQueueUrlAsEndpoint: false }).send(new SendMessageCommand(queue));
  const throttled = ["SetInstanceHealth", "GetMetricData", "SendMessage"].map((action) => proxy.throttle({ action }));
  await expect(mark()).rejects.toMatchObject({ name: "Throttling", $metadata: { httpStatusCode: 400 } });
  await expect(read()).rejects.toMatchObject({ name: "ThrottlingException", $metadata: { httpStatusCode: 400 } });
  await expect(send()).rejects.toMatchObject({ name: "RequestThrottled", $metadata: { httpStatusCode: 400 } });
  for (const end of throttled) end();
  proxy.deny({ action: "SetInstanceHealth" });
  await expect(mark()).rejects.toMatchObject({ name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
  expect(proxy.calls.map(({ service, parameters }) => [service, parameters["InstanceId"] ?? parameters["MessageBody"]])).toEqual([
    ["autoscaling", "i-1"],
    ["cloudwatch", undefined],
    ["sqs", "text"],
    ["autoscaling", "i-1"],
  ]);
});

test("a call can be denied for one route table", async () => {
  proxy.deny({ action: "ReplaceRoute", where: { RouteTableId: "rtb-2" } });
  proxy.deny({ action: "GetParameter" });
  await replaceRoute("rtb-1");
  await expect(replaceRoute("rtb-2")).rejects.toMatchObject({ name: "UnauthorizedOperation", $metadata: { httpStatusCode: 403 } });
  await expect(getParameter()).rejects.toMatchObject({ name: "AccessDeniedException" });
  expect(reached).toEqual(["ec2"]);
});

test("a call that hangs is never answered, and stops no other", async () => {
  proxy.hang({ action: "ReplaceRoute" });
  await expect(replaceRoute("rtb-1", AbortSignal.timeout(300))).rejects.toMatchObject({ name: "AbortError" });
  await getParameter();
  expect(statuses()).toEqual([undefined, 200]);
  expect(reached).toEqual(["ssm"]);
});

test("a delayed call is passed on though its caller has given up", async () => {
  proxy.delay({ action: "ReplaceRoute" }, 400);
  await expect(replaceRoute("rtb-1", AbortSignal.timeout(100))).rejects.toMatchObject({ name: "AbortError" });
  expect(reached).toEqual([]);
  await replaceRoute("rtb-2");
  expect(reached).toEqual(["ec2", "ec2"]);
  for (const { time, answer } of proxy.calls) expect((answer?.time ?? 0) - time).toBeGreaterThanOrEqual(399);
});

test("a rewritten call reaches the service with other words, and so does its answer the caller", async () => {
  proxy.rewrite(
    { action: "GetParameter" },
    { question: (text) => text.replace("/history", "/other"), answer: (text) => text.replace("kept", "told otherwise") },
  );
  expect((await getParameter()).Parameter?.Value).toBe("told otherwise");
  expect(asked).toEqual(['{"Name":"/other"}']);
  expect(proxy.calls).toMatchObject([{ parameters: { Name: "/history" }, answer: { status: 200 } }]);
});

test("the newest rule for a call counts", async () => {
  proxy.deny({ action: "ReplaceRoute" });
  const end = proxy.throttle({ action: "ReplaceRoute" });
  await expect(replaceRoute("rtb-1")).rejects.toMatchObject({ name: "RequestLimitExceeded" });
  end();
  await expect(replaceRoute("rtb-1")).rejects.toMatchObject({ name: "UnauthorizedOperation" });
});

test("at the documented rate fifty routes move at once, and Systems Manager is not limited by EC2's", async () => {
  const end = proxy.documentedRate();
  await Promise.allSettled(Array.from({ length: 60 }, (_, table) => replaceRoute(`rtb-${table}`)));
  const moved = statuses().filter((status) => status === 200).length;
  expect(moved).toBeGreaterThanOrEqual(50);
  expect(moved).toBeLessThan(60);
  await getParameter();
  end();
  await replaceRoute("rtb-1");
});
