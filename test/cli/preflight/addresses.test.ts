import { judgeAllocations } from "../../../cli/preflight/addresses";

const addresses = [
  { allocationId: "eipalloc-free", usedBy: undefined, ownRange: false },
  { allocationId: "eipalloc-used", usedBy: "eni-1", ownRange: false },
];

test("a free address passes", () => {
  expect(judgeAllocations("us-west-2", ["eipalloc-free"], addresses)).toEqual({ outcome: "pass", detail: "eipalloc-free is free" });
});

test("one in use and one that does not exist fail together", () => {
  expect(judgeAllocations("us-west-2", ["eipalloc-free", "eipalloc-used", "eipalloc-none"], addresses)).toEqual({
    outcome: "fail",
    detail: "eipalloc-used is in use by eni-1; the account has no elastic address eipalloc-none in us-west-2",
    fix:
      "free the address or name another, unless it is this deployment's own NAT gateway that uses it; " +
      "name allocation ids of this account and region",
  });
});
