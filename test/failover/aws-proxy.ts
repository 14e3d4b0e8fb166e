import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { documentedRate, type Admission } from "./request-rate";

/** A call that was made through the proxy. */
interface Call {
  /** When it arrived, in milliseconds since the epoch. */
  readonly time: number;
  /** As IAM names it, such as `ec2` and `cloudwatch`. */
  readonly service: string;
  readonly action: string;
  /** As they were sent, `RouteTableId`, `DestinationCidrBlock`, `InstanceId` or `Name` among them. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What was answered, and when. Not there yet while the call waits, never when it hangs. */
  readonly answer?: { readonly time: number; readonly status: number };
}

/** The calls that a rule is for. */
interface Calls {
  readonly action: string;
  /** Only those with these parameters, or parameters like these. Default: all. */
  readonly where?: Readonly<Record<string, string | RegExp>>;
  /** How many of them, from the next on. Default: all. */
  readonly times?: number;
}

/** Another text for what is asked, or for what is answered. */
interface Rewriting {
  readonly question?: (text: string) => string;
  readonly answer?: (text: string) => string;
}

/** Ends a rule. A call that hangs by it hangs on. */
type EndRule = () => void;

export interface AwsProxy {
  /** What the function has for AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  /** All calls so far, in the order of their arrival. */
  readonly calls: readonly Call[];
  /** Answers as a service that gets too many calls. */
  throttle(calls: Calls): EndRule;
  /** Answers as a service whose caller may not. */
  deny(calls: Calls): EndRule;
  /** Never answers. */
  hang(calls: Calls): EndRule;
  /** Passes calls on later, also those whose caller has given up: AWS does not know of that either. */
  delay(calls: Calls, milliseconds: number): EndRule;
  /** Lets AWS show what the emulator cannot be brought to show. */
  rewrite(calls: Calls, rewriting: Rewriting): EndRule;
  /** Throttles EC2's calls to what AWS documents for an account in a region, from full buckets on. */
  documentedRate(): EndRule;
  stop(): Promise<void>;
}

type Treatment = "throttle" | "deny" | "hang" | { readonly delay: number } | { readonly rewriting: Rewriting };
type Request = Pick<Call, "service" | "action" | "parameters">;
interface Rule {
  readonly applies: (request: Request) => boolean;
  readonly treatment: Treatment;
  /** How many more calls it is for. */
  left: number;
}
interface Refusal {
  readonly status: number;
  readonly code: string;
}
type Refusals = Readonly<Record<"throttle" | "deny", Refusal>>;

const usualRefusals: Refusals = {
  throttle: { status: 400, code: "ThrottlingException" },
  deny: { status: 400, code: "AccessDeniedException" },
};
const refusalsOf: Readonly<Record<string, Refusals>> = {
  autoscaling: { throttle: { status: 400, code: "Throttling" }, deny: { status: 403, code: "AccessDenied" } },
  ec2: { throttle: { status: 503, code: "RequestLimitExceeded" }, deny: { status: 403, code: "UnauthorizedOperation" } },
  sqs: { ...usualRefusals, throttle: { status: 400, code: "RequestThrottled" } },
};

const refusalBody = (service: string, { code }: Refusal): string => {
  const error = `<Error><Code>${code}</Code><Message>by rule</Message></Error>`;
  if (service === "ec2") return `<Response><Errors>${error}</Errors><RequestID>proxy</RequestID></Response>`;
  if (service === "autoscaling") return `<ErrorResponse>${error}<RequestId>proxy</RequestId></ErrorResponse>`;
  return JSON.stringify({ __type: code, message: "by rule" });
};

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Services whose signatures name them otherwise than IAM does. */
const namesOfServices: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

/** AWS4-HMAC-SHA256 Credential=AKIA.../20260102/us-west-2/ec2/aws4_request, SignedHeaders=... */
function serviceOf({ authorization = "" }: IncomingMessage["headers"]): string {
  const [, , , service = ""] = authorization.split("/");
  return namesOfServices[service] ?? service;
}

/** Some services take a form with the action in it, others JSON with the action in a header. */
function readRequest({ headers }: IncomingMessage, body: string): Request {
  const service = serviceOf(headers);
  const [, target] = String(headers["x-amz-target"] ?? "").split(".");
  if (target !== undefined) {
    const values = Object.entries(JSON.parse(body) as Record<string, unknown>).map(([name, value]) => [name, text(value)]);
    return { service, action: target, parameters: Object.fromEntries(values) as Record<string, string> };
  }
  const { Action = "", ...parameters } = Object.fromEntries(new URLSearchParams(body));
  return { service, action: Action, parameters };
}

const isLike = (parameter: string | undefined, wanted: string | RegExp): boolean =>
  typeof wanted === "string" ? parameter === wanted : wanted.test(parameter ?? "");

const same = (written: string): string => written;

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * Starts a proxy between a function and the emulator at the target, on a free loopback port.
 * It records each call, and passes it on unless a rule says otherwise. Of rules for the same call the newest counts.
 */
export async function startAwsProxy(target: string): Promise<AwsProxy> {
  const agent = new Agent({ keepAlive: true });
  const calls: Call[] = [];
  let rules: readonly Rule[] = [];
  const rates = new Set<Admission>();

  const rule = (treatment: Treatment, { action, where = {}, times = Infinity }: Calls): EndRule => {
    const applies = (made: Request): boolean =>
      made.action === action && Object.entries(where).every(([name, value]) => isLike(made.parameters[name], value));
    const added = { applies, treatment, left: times };
    rules = [added, ...rules];
    return () => {
      rules = rules.filter((each) => each !== added);
    };
  };

  const treatmentOf = (made: Request): Treatment | undefined => {
    // Every bucket loses its token, also where another refuses.
    const admitted = [...rates].map((admits) => made.service !== "ec2" || admits(made.action, made.parameters));
    const found = rules.find(({ applies, left }) => left > 0 && applies(made));
    if (found === undefined) return admitted.every(Boolean) ? undefined : "throttle";
    found.left -= 1;
    return found.treatment;
  };

  const passOn = (incoming: IncomingMessage, body: Buffer): Promise<{ readonly answer: IncomingMessage; readonly body: Buffer }> =>
    new Promise((resolve, reject) => {
      const { method, url } = incoming;
      const headers = { ...incoming.headers, "content-length": body.length };
      request(new URL(url ?? "/", target), { method, headers, agent })
        .on("response", (answer) => void bodyOf(answer).then((contents) => resolve({ answer, body: contents }), reject))
        .on("error", reject)
        .end(body);
    });

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming);
    const made = readRequest(incoming, body.toString());
    const index = calls.push({ time: Date.now(), ...made }) - 1;
    const end = (status: number, headers: IncomingMessage["headers"], contents: Buffer | string): void => {
      calls[index] = { ...(calls[index] as Call), answer: { time: Date.now(), status } };
      response.writeHead(status, headers).end(contents);
    };
    const treatment = treatmentOf(made);
    if (treatment === "hang") return;
    if (treatment === "throttle" || treatment === "deny") {
      const refusal = (refusalsOf[made.service] ?? usualRefusals)[treatment];
      end(refusal.status, {}, refusalBody(made.service, refusal));
      return;
    }
    if (treatment && "delay" in treatment) await wait(treatment.delay);
    const { question = same, answer = same } = treatment && "rewriting" in treatment ? treatment.rewriting : {};
    const passed = await passOn(incoming, Buffer.from(question(body.toString())));
    const contents = Buffer.from(answer(passed.body.toString()));
    end(passed.answer.statusCode ?? 502, { ...passed.answer.headers, "content-length": String(contents.length) }, contents);
  };

  // A call that the emulator drops is dropped here.
  const server = createServer((incoming, response) => void serve(incoming, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    throttle: (which) => rule("throttle", which),
    deny: (which) => rule("deny", which),
    hang: (which) => rule("hang", which),
    delay: (which, milliseconds) => rule({ delay: milliseconds }, which),
    rewrite: (which, rewriting) => rule({ rewriting }, which),
    documentedRate: () => {
      const admits = documentedRate(Date.now);
      rates.add(admits);
      return () => void rates.delete(admits);
    },
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
