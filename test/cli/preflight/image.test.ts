import { dryRunSubnet, judgeLaunch, newest, noImage } from "../../../cli/preflight/image";
import { image } from "./answers";

const marketplace = { marketplace: "2l8tfysndbav4tv2nfjwak3cu" };
const given = { id: image.id };
const sku = "https://aws.amazon.com/marketplace/pp?sku=abc";
const optIn = { code: "OptInRequired", message: `you need to accept terms and subscribe. To do so please visit ${sku}` };

test("the newest image is taken", () => {
  const older = { ...image, id: "ami-old", created: "2025-12-31T23:59:59.000Z" };
  expect(newest([older, image, { ...older, id: "ami-older", created: "2024-01-01T00:00:00.000Z" }])?.id).toBe(image.id);
  expect(newest([])).toBeUndefined();
});

describe("the subnet of a dry run", () => {
  const subnet = (id: string, zone: string, isDefault: boolean) => ({ id, zone, isDefault });

  test("is in a zone of the instances before all, and then of the default VPC", () => {
    const other = [subnet("other", "us-west-2d", false), subnet("other-default", "us-west-2d", true)];
    expect(dryRunSubnet(["us-west-2a"], [...other, subnet("own", "us-west-2a", false)])).toBe("own");
    expect(dryRunSubnet(["us-west-2a"], [subnet("own", "us-west-2a", false), subnet("own-default", "us-west-2a", true)])).toBe(
      "own-default",
    );
    expect(dryRunSubnet(["us-west-2a"], other)).toBe("other-default");
  });

  test("is none if there is none", () => {
    expect(dryRunSubnet(["us-west-2a"], [])).toBeUndefined();
  });
});

describe("a launch", () => {
  test("that AWS would do passes", () => {
    expect(judgeLaunch(image, marketplace, "us-west-2", { code: "DryRunOperation", message: "" })).toEqual({
      outcome: "pass",
      detail: "AWS would launch ami-0123456789abcdef0 (zs-cc-ga-1)",
    });
  });

  test("without a subscription fails, with the product's page", () => {
    expect(judgeLaunch(image, marketplace, "us-west-2", optIn)).toEqual({
      outcome: "fail",
      detail: "the account is not subscribed to ami-0123456789abcdef0 (zs-cc-ga-1)",
      fix:
        "open https://aws.amazon.com/marketplace/pp/prodview-cvzx4oiv7oljm in this account, subscribe and accept the terms " +
        "(needs aws-marketplace:Subscribe)",
    });
  });

  test("of App Connectors leads to their product", () => {
    expect(judgeLaunch(image, { marketplace: "by1wc5269g0048ix2nqvr0362" }, "us-west-2", optIn)).toMatchObject({
      fix: expect.stringContaining("open https://aws.amazon.com/marketplace/pp/prodview-epy3md7fcvk4g in") as string,
    });
  });

  test.each([
    ["a product that is not known here", { marketplace: "another" }, "us-west-2"],
    ["a given image", given, "us-west-2"],
    ["China", marketplace, "cn-north-1"],
  ])("for %s leads to the page that AWS names", (_case, source, region) => {
    expect(judgeLaunch(image, source, region, optIn)).toMatchObject({
      outcome: "fail",
      fix: expect.stringContaining(`open ${sku} in`) as string,
    });
    expect(judgeLaunch(image, source, region, { ...optIn, message: "" })).toMatchObject({
      fix: expect.stringContaining("the image's product in the AWS Marketplace") as string,
    });
  });

  test("that is denied says nothing of the subscription, but who denies it", () => {
    const message =
      "You are not authorized. User: x is not authorized to perform: ec2:RunInstances with an explicit deny in a service control policy";
    expect(judgeLaunch(image, marketplace, "us-west-2", { code: "UnauthorizedOperation", message })).toMatchObject({
      outcome: "unknown",
      detail: expect.stringContaining("ec2:RunInstances is denied by a service control policy") as string,
      fix: expect.stringContaining("allow ec2:RunInstances") as string,
    });
  });

  test.each(["VPCIdNotSpecified", "MissingInput"])("without any subnet (%s) says nothing of the subscription", (code) => {
    expect(judgeLaunch(image, marketplace, "us-west-2", { code, message: "No subnets found for the default VPC" })).toMatchObject({
      outcome: "unknown",
      detail: expect.stringContaining("only with a subnet to launch in") as string,
      fix: expect.stringContaining("prodview-cvzx4oiv7oljm") as string,
    });
  });

  test("that AWS refuses for another reason is unknown, in AWS's words", () => {
    expect(judgeLaunch(image, marketplace, "us-west-2", { code: "Unsupported", message: "not in this zone" })).toMatchObject({
      outcome: "unknown",
      detail: "AWS says of a launch of ami-0123456789abcdef0: Unsupported: not in this zone",
    });
  });
});

test("without an image there is a failure for each source", () => {
  expect(noImage(marketplace, "us-west-2")).toMatchObject({
    outcome: "fail",
    detail: expect.stringContaining("2l8tfysndbav4tv2nfjwak3cu") as string,
  });
  expect(noImage(given, "us-west-2")).toMatchObject({ outcome: "fail", detail: expect.stringContaining(image.id) as string });
});
