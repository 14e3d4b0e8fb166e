import { AwsRefusal } from "./aws";
import { unknown, type Verdict } from "./check";

const codes: readonly (readonly [AwsRefusal["reason"], RegExp])[] = [
  ["denied", /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|UnauthorizedAccess|AuthorizationError|NotAuthorized)$/],
  ["not known", /^(InvalidAction|NotImplemented|UnknownOperation(Exception)?|SyntaxError)$/],
  ["not enabled", /^(OptInRequired|SubscriptionRequiredException|PendingVerification)$/],
  [
    "credentials",
    /^(CredentialsProviderError|TokenProviderError|ExpiredToken(Exception)?|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|AuthFailure|SignatureDoesNotMatch|InvalidSignatureException|MissingAuthenticationToken(Exception)?|IncompleteSignature(Exception)?)$/,
  ],
  [
    "throttled",
    /^(Throttling(Exception)?|ThrottledException|RequestLimitExceeded|TooManyRequestsException|RequestThrottled(Exception)?|SlowDown)$/,
  ],
  ["no answer", /^(TimeoutError|AbortError|RequestTimeout|E[A-Z_]{3,}|CERT_\w+|ERR_TLS\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+)$/],
];

const text = (value: unknown, key: string): string => {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === "string" ? found : "";
};

/** The code of an error of the SDK: that of Node, in capitals, if a connection failed, or AWS's own. */
export const errorCode = (error: unknown): string => {
  const code = text(error, "code");
  return /^[A-Z][A-Z0-9_]+$/.test(code) ? code : text(error, "name") || "Error";
};

export const errorMessage = (error: unknown): string => text(error, "message");

const httpStatus = (error: unknown): unknown => {
  const metadata: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "$metadata") : undefined;
  return typeof metadata === "object" && metadata !== null ? Reflect.get(metadata, "httpStatusCode") : undefined;
};

function reasonOf(error: unknown): AwsRefusal["reason"] {
  const code = errorCode(error);
  const known = codes.find(([, pattern]) => pattern.test(code))?.[0];
  if (known) return known;
  const status = httpStatus(error);
  if (status === 403) return "denied";
  return status === 404 || status === 405 || status === 501 ? "not known" : "other";
}

/** The kind of policy that a message of AWS blames. */
export const denier = (message: string): string | undefined =>
  /explicit deny in an? ([\w -]+? policy|permissions boundary)/.exec(message)?.[1];

/** What an error of the SDK means. An answer of an unknown form is not quoted. */
export function refusal(action: string, error: unknown): AwsRefusal {
  const code = errorCode(error);
  const reason = reasonOf(error);
  const message = errorMessage(error);
  switch (reason) {
    case "denied": {
      const by = denier(message);
      return new AwsRefusal(action, reason, by === undefined ? code : `${code}, by a ${by}`);
    }
    case "not known":
      return new AwsRefusal(action, reason, code);
    default:
      return new AwsRefusal(action, reason, message === "" ? code : `${code}: ${message}`);
  }
}

/** The verdict on what AWS would not say. */
export function unanswered({ action, reason, said }: AwsRefusal): Verdict {
  switch (reason) {
    case "denied":
      return unknown(`${action} is denied (${said})`, `allow ${action} to whoever runs this`);
    case "not known":
      return unknown(
        `what answers for AWS does not know ${action} (${said})`,
        `ask AWS itself (unset AWS_ENDPOINT_URL), with ${action} allowed`,
      );
    case "credentials":
      return unknown(
        `${action} was not accepted with these credentials (${said})`,
        "log in again, and see that aws sts get-caller-identity answers",
      );
    case "not enabled":
      return unknown(
        `${action} is not open to this account (${said})`,
        "enable the region for the account, and complete the account's sign-up",
      );
    case "throttled":
      return unknown(`AWS is too busy for ${action} (${said})`, "run this again in a minute");
    case "no answer":
      return unknown(
        `no answer to ${action} (${said})`,
        "check the way to AWS's endpoint from here; a proxy named in HTTPS_PROXY is not used by this command",
      );
    case "other":
      return unknown(`AWS refused ${action} (${said})`, `do what AWS says, see that ${action} is allowed, and run this again`);
  }
}
