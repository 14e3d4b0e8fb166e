import fc from "fast-check";
import { judgeProvisioningUrl } from "../../../modules/cloud-connector/provisioning-url";
import { judgeInstanceType, sizeNames, sizes, type Size } from "../../../modules/cloud-connector/sizes";
import { userData } from "../../../modules/cloud-connector/user-data";

const line = fc.string({ unit: "grapheme" }).filter((text) => !/[\n\r]/.test(text));

test("user data is four lines of text in Zscaler's order, whatever the values", () => {
  fc.assert(
    fc.property(line, line, fc.integer().map(String), (url, secret, port) => {
      expect(userData(url, secret, port).split("\n")).toEqual([
        "[ZSCALER]",
        `CC_URL=${url}`,
        `SECRET_NAME=${secret}`,
        `HTTP_PROBE_PORT=${port}`,
        "",
      ]);
    }),
  );
});

describe("provisioning URL", () => {
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const url = fc
    .tuple(fc.array(label, { minLength: 2, maxLength: 4 }), fc.stringMatching(/^[\w%+.,:@-]{1,30}$/))
    .map(([cloud, name]) => `connector.${cloud.join(".")}/api/v1/provUrl?name=${name}`);

  test("of any cloud and template is taken", () => {
    fc.assert(fc.property(url, (given) => expect(judgeProvisioningUrl(given)).toBeUndefined()));
  });

  test("with a scheme is refused, and the fix is one that is taken", () => {
    fc.assert(
      fc.property(url, fc.constantFrom("https://", "http://", "HTTPS://"), (given, scheme) => {
        const finding = judgeProvisioningUrl(scheme + given);
        expect(finding).toEqual({ problem: `${scheme}${given} carries a scheme`, fix: `leave it out: ${given}` });
      }),
    );
  });

  test.each([
    ["connector.zscaler.net", "lacks /api/v1/provUrl?name="],
    ["connector.zscaler.net/api/v1/provUrl?Name=a", "lacks /api/v1/provUrl?name="],
    ["connector.zscaler.net/api/v1/provUrl?name=", "is no provisioning URL"],
    ["connector.zscaler.net/api/v1/provUrl?name=a b", "is no provisioning URL"],
    ["connector.zscaler.net/api/v1/provUrl?name=a&x=1", "is no provisioning URL"],
    ["connector.zscaler.net/api/v1/provUrl?name=a\nSECRET_NAME=x", "is no provisioning URL"],
    ["zscaler.net/api/v1/provUrl?name=a", "is no provisioning URL"],
    ["https://connector.zscaler.net", "carries a scheme"],
  ])("%p is refused", (given, problem) => {
    expect(judgeProvisioningUrl(given)?.problem).toBe(`${given} ${problem}`);
  });
});

describe("instance types", () => {
  const sixteen = ["m5n.4xlarge", "m6i.4xlarge", "c6i.4xlarge", "c6in.4xlarge"];
  // The published template's list, by size.
  const allowed: Readonly<Record<Size, readonly string[]>> = {
    small: ["t3.medium", "m5n.large", "c5a.large", "m6i.large", "c6i.large", "c6in.large", ...sixteen],
    medium: sixteen,
    large: sixteen,
  };

  test.each(sizeNames)("of size %s are those that Zscaler allows", (size) => {
    const all = [...allowed.small, "m6i.xlarge", "t3.micro", "M6I.LARGE", "", "m6i.large "];
    expect(all.filter((type) => judgeInstanceType(size, type) === undefined)).toEqual(allowed[size]);
    expect(allowed[size]).toContain(sizes[size].instanceType);
    expect(judgeInstanceType(size, "t2.micro")).toEqual({
      problem: `t2.micro is not allowed for size ${size}`,
      fix: `use one of ${allowed[size].join(", ")}`,
    });
  });
});
