import { connectAws } from "../../../cli/preflight";
import { fakeAws, failure } from "./fake-aws";

process.env = { ...process.env, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

const mockLoaded: string[] = [];

jest.mock("@aws-sdk/client-ec2", () => {
  mockLoaded.push("ec2");
  return jest.requireActual<object>("@aws-sdk/client-ec2");
});
jest.mock("@aws-sdk/client-sts", () => {
  mockLoaded.push("sts");
  return jest.requireActual<object>("@aws-sdk/client-sts");
});

test("a service's part of the SDK is loaded with the first question for it", async () => {
  const server = await fakeAws((call) => failure(call, 403, "AccessDenied", "no"));
  const aws = connectAws({ region: "us-west-2", endpoint: server.endpoint });
  expect(mockLoaded).toEqual([]);
  await aws.caller().catch(() => undefined);
  expect(mockLoaded).toEqual(["sts"]);
  await server.stop();
});
