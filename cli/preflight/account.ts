import { type Caller } from "./aws";
import { fail, listed, pass, type Verdict } from "./check";

/** Whether the account that the credentials reach is one that may be deployed to. */
export const judgeAccount = ({ account, arn }: Caller, allowed: readonly string[] | undefined): Verdict =>
  allowed === undefined || allowed.includes(account)
    ? pass(`${account}, as ${arn}`)
    : fail(
        `the credentials reach account ${account} (as ${arn}), and the deployment allows ${listed(allowed)}`,
        "use a profile or role of an allowed account, or allow this one",
      );
