import { instanceTypeOf, instanceTypeRule, judgeInstanceType } from "../../../modules/app-connector/instance-types";

const plain = { appProtection: false, allowUndersized: false };
const appProtection = { appProtection: true, allowUndersized: false };

test("Zscaler's own advice is the default, and a type that is given is taken", () => {
  expect(instanceTypeOf(plain)).toBe("m5a.xlarge");
  expect(instanceTypeOf(appProtection)).toBe("m5a.2xlarge");
  expect(instanceTypeOf({ ...appProtection, instanceType: "c6i.4xlarge" })).toBe("c6i.4xlarge");
  expect(judgeInstanceType(instanceTypeOf(plain), plain)).toBeUndefined();
  expect(judgeInstanceType(instanceTypeOf(appProtection), appProtection)).toBeUndefined();
});

/** Types, and the vCPUs that AWS gives for them (Amazon EC2 Instance Types, "Specifications"). */
const vcpus: Readonly<Record<string, number>> = {
  "t2.micro": 1,
  "t3.nano": 2,
  "t3.medium": 2,
  "t3.large": 2,
  "m5.large": 2,
  "m7i-flex.large": 2,
  "t2.xlarge": 4,
  "t3.xlarge": 4,
  "m5a.xlarge": 4,
  "c6in.xlarge": 4,
  "x2iedn.xlarge": 4,
  "r7iz.2xlarge": 8,
  "m5a.2xlarge": 8,
  "i3en.3xlarge": 12,
  "c5.9xlarge": 36,
  "m6i.metal": 128,
  "m7i.metal-24xl": 96,
  "u7i-12tb.224xlarge": 896,
  "u-6tb1.112xlarge": 448,
  "p4d.24xlarge": 96,
};

test.each(Object.entries(vcpus))("%s has %i vCPUs", (type, count) => {
  const few = (least: number, more: string) => ({
    problem: `${type} has fewer than the ${least} vCPUs that Zscaler supports${more}`,
    fix: `give one such as ${least === 4 ? "m5a.xlarge" : "m5a.2xlarge"}, or set allowUndersized for a laboratory`,
  });
  expect(judgeInstanceType(type, plain)).toEqual(count >= 4 ? undefined : few(4, ""));
  expect(judgeInstanceType(type, appProtection)).toEqual(count >= 8 ? undefined : few(8, " with AppProtection"));
  expect(judgeInstanceType(type, { appProtection: true, allowUndersized: true })).toBeUndefined();
});

const arm = [
  "a1.xlarge",
  "t4g.xlarge",
  "m6g.xlarge",
  "m6gd.xlarge",
  "c7gn.2xlarge",
  "im4gn.xlarge",
  "is4gen.2xlarge",
  "x2gd.xlarge",
  "g5g.xlarge",
  "hpc7g.4xlarge",
  "r8g.metal-24xl",
  "i8ge.xlarge",
  "mac2.metal",
  "mac2-m2pro.metal",
  "p6e-gb200.36xlarge",
];

test.each(arm)("%s is refused, allowed to be small or not", (type) => {
  for (const allowUndersized of [false, true]) {
    expect(judgeInstanceType(type, { appProtection: false, allowUndersized })).toEqual({
      problem: `${type} has ARM processors, for which there is no App Connector`,
      fix: "give one such as m5a.xlarge, with x86_64",
    });
  }
});

test.each(["g4dn.xlarge", "g4ad.xlarge", "gr6.4xlarge", "g6.xlarge", "p6-b200.48xlarge", "trn1.2xlarge"])("%s is x86_64", (type) => {
  expect(judgeInstanceType(type, plain)).toBeUndefined();
});

const formless = [
  "",
  "m5a",
  "m5a.",
  ".xlarge",
  "M5a.xlarge",
  "m5a.xlarge ",
  "m5a.0xlarge",
  "m5a.XL",
  "m5a xlarge",
  "5a.xlarge",
  "m5a.xxlarge",
];

test.each(formless)("%j is no instance type", (type) => {
  expect(judgeInstanceType(type, { appProtection: false, allowUndersized: true })).toEqual({
    problem: `${type} is no instance type`,
    fix: "give one such as m5a.xlarge",
  });
});

test("as a variable, Terraform checks the same but for the size", () => {
  const condition = instanceTypeRule.condition("var.type");
  const [, form = "", processor = ""] = /^can\(regex\((".*"), var\.type\)\) && !can\(regex\((".*"), var\.type\)\)$/.exec(condition) ?? [];
  const holds = (type: string): boolean =>
    new RegExp(JSON.parse(form) as string).test(type) && !new RegExp(JSON.parse(processor) as string).test(type);
  for (const type of [...Object.keys(vcpus), ...arm, ...formless]) {
    expect([type, holds(type)]).toEqual([type, judgeInstanceType(type, { appProtection: false, allowUndersized: true }) === undefined]);
  }
  expect(condition).not.toMatch(/\(\?/);
});
