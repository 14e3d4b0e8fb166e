import { judgeInternetGateway } from "../../../cli/preflight/existing-internet-gateway";
import { existing, tag } from "./answers";

const attached = { id: "igw-1", vpcs: ["vpc-1"], tags: {} };
const elsewhere = { id: "igw-2", vpcs: ["vpc-2"], tags: { [tag]: "shared" } };
const make = { ...existing, internetGateway: "make" } as const;

test("the VPC's own passes", () => {
  expect(judgeInternetGateway(existing, [elsewhere, attached])).toEqual({ outcome: "pass", detail: "igw-1 is attached to vpc-1" });
});

test("one of no VPC or of another fails, with the one that is attached", () => {
  expect(judgeInternetGateway({ ...existing, internetGateway: { id: "igw-2" } }, [elsewhere, attached])).toEqual({
    outcome: "fail",
    detail: "igw-2 is not attached to vpc-1",
    fix: "name the one that is: igw-1",
  });
  expect(judgeInternetGateway(existing, [elsewhere, { ...attached, vpcs: [] }])).toMatchObject({
    outcome: "fail",
    fix: "attach it, or name the VPC that it is attached to",
  });
});

test("none may be there if one is to be made, but for the deployment's own", () => {
  expect(judgeInternetGateway(make, [elsewhere]).outcome).toBe("pass");
  expect(judgeInternetGateway(make, [{ ...attached, tags: { [tag]: "shared" } }]).outcome).toBe("pass");
  expect(judgeInternetGateway(make, [elsewhere, attached])).toEqual({
    outcome: "fail",
    detail: "igw-1 is attached to vpc-1, which takes no second one",
    fix: "name it: internetGateway: { existing: { id: igw-1 } }",
  });
});
