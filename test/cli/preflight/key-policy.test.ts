import { admission, diskKeyActions } from "../../../cli/preflight/key-policy";
import { caller, wholeAccount } from "./answers";

const role = "arn:aws:iam::111122223333:role/some/path/deployer";
const allow = (more: object) => ({ Effect: "Allow", Principal: { AWS: role }, Action: "kms:*", Resource: "*", ...more });
const of = (...statements: readonly object[]) => admission(JSON.stringify({ Statement: statements }), caller, "us-west-2");
const none = { admitted: [], refused: [], open: [] };
const everything = { ...none, admitted: diskKeyActions };
const nothing = { ...none, refused: diskKeyActions };
const unsure = { ...none, open: diskKeyActions };

describe("a key policy admits", () => {
  test("the whole account, which leaves it to IAM", () => {
    expect(admission(wholeAccount, caller, "us-west-2")).toEqual(everything);
    expect(of(allow({ Principal: { AWS: ["999999999999", "111122223333"] } }))).toEqual(everything);
  });

  test("the role of the caller's session, whatever its path", () => {
    expect(of(allow({}))).toEqual(everything);
  });

  test("a user by its ARN", () => {
    const user = { account: "111122223333", arn: "arn:aws:iam::111122223333:user/jo" };
    expect(admission(JSON.stringify({ Statement: allow({ Principal: { AWS: user.arn } }) }), user, "us-west-2")).toEqual(everything);
  });

  test("actions by patterns, over several statements", () => {
    expect(of(allow({ Action: ["kms:De*", "kms:GenerateDataKey*"] }), allow({ Action: "kms:creategrant" }))).toEqual(everything);
  });

  test("what EC2 does for somebody of the account", () => {
    const condition = {
      StringEquals: { "kms:CallerAccount": "111122223333", "kms:ViaService": "ec2.us-west-2.amazonaws.com" },
      Bool: { "kms:GrantIsForAWSResource": true },
    };
    expect(of(allow({ Principal: { AWS: "*" }, Condition: condition }))).toEqual(everything);
  });
});

describe("a key policy refuses", () => {
  test("whom no statement names", () => {
    expect(of()).toEqual(nothing);
    expect(of(allow({ Principal: { AWS: "arn:aws:iam::111122223333:role/other" } }))).toEqual(nothing);
    expect(of(allow({ Principal: { AWS: "arn:aws:iam::999999999999:root" } }))).toEqual(nothing);
    expect(of(allow({ Principal: { AWS: "arn:aws:iam::999999999999:role/deployer" } }))).toEqual(nothing);
    expect(of(allow({ Principal: { Service: "*" } }))).toEqual(nothing);
  });

  test("a role whose name only ends alike", () => {
    expect(of(allow({ Principal: { AWS: "arn:aws:iam::111122223333:role/un-deployer" } }))).toEqual(nothing);
  });

  test("what a denial without conditions takes back", () => {
    expect(of(allow({}), { ...allow({ Action: "kms:CreateGrant" }), Effect: "Deny" })).toEqual({
      admitted: diskKeyActions.filter((action) => action !== "kms:CreateGrant"),
      refused: ["kms:CreateGrant"],
      open: [],
    });
  });

  test("an action that is not listed", () => {
    expect(of(allow({ Action: ["kms:Decrypt", "kms:DescribeKey"] }))).toEqual({
      admitted: ["kms:Decrypt", "kms:DescribeKey"],
      refused: ["kms:CreateGrant", "kms:GenerateDataKeyWithoutPlaintext"],
      open: [],
    });
  });
});

describe("a key policy leaves open", () => {
  test.each([
    ["another service", { StringEquals: { "kms:ViaService": "s3.us-west-2.amazonaws.com" } }],
    ["another region", { StringEquals: { "kms:ViaService": "ec2.eu-west-1.amazonaws.com" } }],
    ["an unknown key", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }],
    ["a known key among unknown ones", { StringEquals: { "kms:CallerAccount": "111122223333", "aws:SourceVpc": "vpc-1" } }],
    ["an unknown operator", { StringNotEquals: { "kms:CallerAccount": "111122223333" } }],
  ])("a condition on %s", (_name, condition) => {
    expect(of(allow({ Condition: condition }))).toEqual(unsure);
  });

  test("a denial with a condition", () => {
    expect(of(allow({}), { ...allow({ Condition: { Bool: { "aws:SecureTransport": "false" } } }), Effect: "Deny" })).toEqual(unsure);
  });

  test("exceptions", () => {
    expect(of({ Effect: "Allow", NotPrincipal: { AWS: "arn:aws:iam::111122223333:role/other" }, Action: "kms:*" })).toEqual(unsure);
    expect(of({ Effect: "Allow", Principal: "*", NotAction: "kms:Delete*" })).toEqual(unsure);
  });
});

test.each(["", "{", "<policy/>"])("%p is no policy", (policy) => {
  expect(admission(policy, caller, "us-west-2")).toBeUndefined();
});

test.each(["null", "[]", '{"Statement":[null,7,{"Effect":"Allow","Principal":7,"Action":{}}]}'])("%s admits nobody", (policy) => {
  expect(admission(policy, caller, "us-west-2")).toEqual(nothing);
});
