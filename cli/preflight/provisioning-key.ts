import { judgeProvisioningKey } from "../../modules/app-connector/schema";
import { type StoredKeyState } from "./aws";
import { fail, pass, unknown, type Verdict } from "./check";
import { type KeySource } from "./request";

/** Reduces a stored text to what may be known of the provisioning key in it. */
export function storedKeyOf(text: string | undefined, field: string | undefined, store: "encrypted" | "clear"): StoredKeyState {
  if (text === undefined) return { is: "not text" };
  if (field === undefined) return { is: "readable", finding: judgeProvisioningKey(text), store };
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The error quotes the text.
    return { is: "not a JSON object" };
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) return { is: "not a JSON object" };
  const value = (content as Readonly<Record<string, unknown>>)[field];
  return typeof value === "string" ? { is: "readable", finding: judgeProvisioningKey(value), store } : { is: "without the field" };
}

const storeIt = "store the key, as the ZPA portal gives it, before instances start: they wait for it, and fail in the end";

/** Instances read the key when they boot, and do not enroll without. It may come after the deployment. */
export function judgeStoredKey(source: KeySource, region: string, state: StoredKeyState): Verdict {
  const [kind, name] = "secret" in source ? ["secret", source.secret] : ["parameter", source.parameter];
  const field = "secret" in source ? (source.field ?? "") : "";
  switch (state.is) {
    case "absent":
      return unknown(`${region} has no ${kind} ${name} yet`, storeIt);
    case "without a value":
      return unknown(`${name} is without a value yet`, storeIt);
    case "about to be deleted":
      return fail(`${name} is about to be deleted`, `aws secretsmanager restore-secret --region ${region} --secret-id '${name}'`);
    case "not text":
      return fail(`${name} is not text`, "store the key as text");
    case "not a JSON object":
      return fail(`${name} is not a JSON object, and its key ${field} is asked for`, "store one, or leave field out");
    case "without the field":
      return fail(`${name} has no text in ${field}`, `store the key there, or name another key of the JSON in field`);
    case "readable":
      if (state.finding) return fail(`${name}: ${state.finding.problem}`, state.finding.fix);
      return state.store === "clear"
        ? unknown(
            `${name} has a provisioning key, and keeps it in clear`,
            "delete the parameter, and make it anew with --type SecureString",
          )
        : pass(`${name} has a provisioning key`);
  }
}
