import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountEnvironment } from "../../../../emulator/account";
import { functionZip } from "../../../../modules/build-functions";
import { type FunctionRun, runFunction } from "../../../failover/run-function";
import { type PortalServer, startPortal } from "../../../fleet/portal-server";
import { status } from "../../../fleet/tls-server";
import { fleet } from "./recorded-ports";

const folder = mkdtempSync(join(tmpdir(), "fleet function-"));
const zip = join(folder, "function.zip");
const authority = join(folder, "authority.pem");
const runs: FunctionRun[] = [];

let portal: PortalServer;
let aws: Server;
/** What AWS was asked, by the name of the action. */
const asked: string[] = [];

/** The action and its answer: the SDK asks some services by a form, others by JSON. */
function answerOf({ headers }: IncomingMessage, body: string): readonly [action: string, answer: string] {
  const target = headers["x-amz-target"];
  if (typeof target !== "string") {
    const [, action = ""] = /Action=(\w+)/.exec(body) ?? [];
    return [action, `<${action}Response><${action}Result/></${action}Response>`];
  }
  const action = target.replace(/.*\./, "");
  const { MessageBody = "" } = JSON.parse(body) as { readonly MessageBody?: string };
  const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
  return [action, JSON.stringify({ SecretString: portal.secret, MD5OfMessageBody, MessageId: "1", MetricDataResults: [] })];
}

beforeAll(async () => {
  writeFileSync(zip, functionZip(join(__dirname, "../../../../modules/fleet-lifecycle/function/handler.ts")));
  portal = await startPortal();
  writeFileSync(authority, portal.certificateAuthority);
  aws = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const [action, answer] = answerOf(request, body);
      asked.push(action);
      response.end(answer);
    });
  });
  await new Promise<void>((resolve) => void aws.listen(0, "127.0.0.1", resolve));
});
beforeEach(() => {
  asked.length = 0;
});
afterEach(() => Promise.all(runs.splice(0).map((run) => run.stop())));
afterAll(async () => {
  aws.close();
  await portal.stop();
  rmSync(folder, { recursive: true });
});

const document = () => JSON.stringify({ ...fleet, portal: { ...fleet.portal, host: portal.host } });

function start(event: unknown, variables: Readonly<Record<string, string>> = {}): FunctionRun {
  const endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  const account = accountEnvironment({ endpoint, region: "eu-west-1" });
  const environment = { ...account, FLEET_DOCUMENT: document(), NODE_EXTRA_CA_CERTS: authority, ...variables };
  const run = runFunction({ environment, zip, event, limit: 180_000 });
  runs.push(run);
  return run;
}

const messageOf = (vm: string) => ({
  messageId: vm,
  body: JSON.stringify({ kind: "remove", instance: `i-${vm}`, record: { group: "7", vm } }),
  attributes: { ApproximateReceiveCount: "1", MessageGroupId: portal.host },
});
const ending = (type: string) => ({
  source: "aws.autoscaling",
  "detail-type": type,
  detail: {
    LifecycleActionToken: "87654321-4321-4321-4321-210987654321",
    AutoScalingGroupName: "egress-connectors",
    LifecycleHookName: "ended",
    EC2InstanceId: "i-0123456789abcdef0",
    Origin: "AutoScalingGroup",
    Destination: "EC2",
  },
});

const expectNoSecrets = (run: FunctionRun): void => {
  const told = [JSON.stringify(run.logs), run.complaints()].join("\n");
  for (const secret of [...portal.secrets, ...portal.cookies]) {
    expect(told).not.toContain(secret);
    // As it would be within JSON.
    expect(told).not.toContain(JSON.stringify(secret).slice(1, -1));
  }
};

test("batches of the queue become removals in the portal, batch by batch", async () => {
  portal.records.add("7/1").add("7/2").add("7/3");
  const run = start({ Records: [messageOf("1"), messageOf("2")] });
  expect((await run.finished).result).toEqual({ batchItemFailures: [] });
  expect((await run.invokeAgain({ event: { Records: [messageOf("3"), messageOf("4")] } })).result).toEqual({ batchItemFailures: [] });
  expect({ records: portal.records.size, edits: portal.hasEdits(), sessions: portal.openSessions() }).toEqual({
    records: 0,
    edits: false,
    sessions: 0,
  });
  // The secret is read once for each, so that a changed one is taken at once.
  expect(asked).toEqual(["GetSecretValue", "GetSecretValue"]);
  expect(run.complaints()).toBe("");
  expectNoSecrets(run);
});

test("a portal that refuses the login, and repeats what it was sent, gets every message told of and no secret told", async () => {
  const [, , password] = portal.secrets;
  portal.next("login", status(401, { code: "AUTHENTICATION_FAILED", message: password }));
  const run = start({ Records: [messageOf("1"), messageOf("2")] });
  expect((await run.finished).result).toEqual({ batchItemFailures: [{ itemIdentifier: "1" }, { itemIdentifier: "2" }] });
  expect(run.logs.filter(({ level }) => level === "error")).toHaveLength(2);
  expectNoSecrets(run);
});

test("a portal whose certificate is not trusted gets nothing", async () => {
  const before = portal.calls.length;
  const run = start({ Records: [messageOf("1")] }, { NODE_EXTRA_CA_CERTS: "", NODE_TLS_REJECT_UNAUTHORIZED: "0" });
  expect((await run.finished).result).toEqual({ batchItemFailures: [{ itemIdentifier: "1" }] });
  expect(portal.calls).toHaveLength(before);
});

test.each([
  [
    "EC2 Instance-terminate Lifecycle Action",
    ["RecordLifecycleActionHeartbeat", "GetMetricData", "SendMessage", "CompleteLifecycleAction"],
  ],
  ["EC2 Instance Terminate Successful", ["GetMetricData", "SendMessage"]],
  ["Scheduled Event", ["DescribeAutoScalingGroups"]],
  ["EC2 Instance-launch Lifecycle Action", []],
])("the event %s is answered by its calls", async (type, calls) => {
  const run = start(ending(type));
  expect((await run.finished).error).toBeUndefined();
  expect([...new Set(asked)].sort()).toEqual([...calls].sort());
  if (type.startsWith("EC2 Instance-terminate")) expect(asked.at(-1)).toBe("CompleteLifecycleAction");
  if (calls.length === 0) expect(run.logs).toEqual([expect.objectContaining({ level: "warning", type })]);
});

test("a document that is wrong fails it at once, loudly", async () => {
  const run = start(ending("Scheduled Event"), { FLEET_DOCUMENT: "{}" });
  const { error } = await run.finished;
  expect(error?.message).toContain("the document.groups");
  expect(run.logs).toEqual([expect.objectContaining({ level: "error", why: error?.message })]);
  expect(asked).toEqual([]);
});
