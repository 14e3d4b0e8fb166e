import { createHash, createHmac } from "node:crypto";
import type { STS } from "@aws-sdk/client-sts";
import { ask } from "./asking";
import { type ResolverQuestions } from "./aws-network";

/** Where Route 53 Resolver is, and for how many milliseconds it may think. */
interface ResolverSettings {
  readonly region: string;
  readonly endpoint?: string;
  readonly requestHandler: { readonly requestTimeout: number };
}

interface Association {
  readonly ResolverRuleId?: string;
  readonly Status?: string;
}

interface Rule {
  readonly Id?: string;
  readonly RuleType?: string;
  readonly DomainName?: string;
  readonly TargetIps?: readonly { readonly Ip?: string; readonly Ipv6?: string }[];
}

/** Node's SHA-256 in the form that the signer asks for. */
class Sha256 {
  private readonly hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret as string);
  }

  update(data: Uint8Array): void {
    this.hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  reset(): void {
    throw new Error("a hash is used once");
  }
}

/**
 * The questions for Route 53 Resolver, signed and sent here: its client of the SDK would bring more than a hundred packages for two calls.
 *
 * @param sts whose credentials are used
 */
export function resolverQuestions(sts: () => Promise<STS>, settings: ResolverSettings): ResolverQuestions {
  const domain = settings.region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const url = new URL(settings.endpoint ?? process.env["AWS_ENDPOINT_URL"] ?? `https://route53resolver.${settings.region}.${domain}`);

  const call = async (action: string, body: object): Promise<Readonly<Record<string, unknown>>> => {
    const { SignatureV4 } = await import("@smithy/signature-v4");
    const signer = new SignatureV4({
      service: "route53resolver",
      region: settings.region,
      credentials: (await sts()).config.credentials,
      sha256: Sha256,
    });
    const text = JSON.stringify(body);
    const { headers } = await signer.sign({
      method: "POST",
      protocol: url.protocol,
      hostname: url.hostname,
      path: "/",
      headers: { host: url.host, "content-type": "application/x-amz-json-1.1", "x-amz-target": `Route53Resolver.${action}` },
      body: text,
    });
    const answer = await send(url, {
      method: "POST",
      headers,
      body: text,
      signal: AbortSignal.timeout(settings.requestHandler.requestTimeout),
    });
    const said = (await answer.json()) as Readonly<Record<string, unknown>>;
    if (answer.ok) return said;
    const { __type: type, message, Message } = said as Readonly<Record<string, string | undefined>>;
    const name = type?.replace(/^.*#/, "") ?? "Error";
    throw Object.assign(new Error(message ?? Message ?? ""), { name, $metadata: { httpStatusCode: answer.status } });
  };

  const askAll = <Item>(action: string, of: string, body: object): Promise<readonly Item[]> =>
    ask(`route53resolver:${action}`, async () => {
      const found: Item[] = [];
      for (let token: unknown; ;) {
        const page = await call(action, { ...body, ...(token === undefined ? {} : { NextToken: token }) });
        found.push(...((page[of] ?? []) as readonly Item[]));
        token = page["NextToken"];
        if (token === undefined) return found;
      }
    });

  return {
    async forwardingRules(vpc) {
      const [associations, rules] = await Promise.all([
        askAll<Association>("ListResolverRuleAssociations", "ResolverRuleAssociations", { Filters: [{ Name: "VPCId", Values: [vpc] }] }),
        // Those that other accounts share with this one are among them.
        askAll<Rule>("ListResolverRules", "ResolverRules", {}),
      ]);
      const associated = new Set(
        associations.filter(({ Status }) => Status === "COMPLETE" || Status === "CREATING").map(({ ResolverRuleId }) => ResolverRuleId),
      );
      return rules
        .filter(({ Id, RuleType }) => RuleType === "FORWARD" && associated.has(Id))
        .map(({ DomainName, TargetIps = [] }) => ({
          domain: (DomainName ?? "").replace(/\.$/, ""),
          targets: TargetIps.map(({ Ip, Ipv6 }) => Ip ?? Ipv6 ?? ""),
        }));
    },
  };
}

/** A failed connection is told by its code, as the SDK does. */
async function send(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
  }
}
