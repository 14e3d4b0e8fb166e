import { judgeAccount } from "../../../cli/preflight/account";
import { caller } from "./answers";

test("any account is right if none is named", () => {
  expect(judgeAccount(caller, undefined).outcome).toBe("pass");
});

test("an allowed account is right", () => {
  expect(judgeAccount(caller, ["999999999999", "111122223333"])).toEqual({ outcome: "pass", detail: `111122223333, as ${caller.arn}` });
});

test("another account is wrong, and both are named", () => {
  expect(judgeAccount(caller, ["999999999999"])).toEqual({
    outcome: "fail",
    detail: `the credentials reach account 111122223333 (as ${caller.arn}), and the deployment allows 999999999999`,
    fix: "use a profile or role of an allowed account, or allow this one",
  });
});
