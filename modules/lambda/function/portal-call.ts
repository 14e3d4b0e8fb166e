import { Agent } from "node:https";
import { CallFailed } from "./call-failed";
import { type Clock } from "./clock";
import { type Answer, type Call, callOnce } from "./https-call";

/** How often a call is made that may succeed another time. */
export const mostTries = 5;
const firstBackoff = 500;
const longestBackoff = 10_000;

const defaultTimeouts: Call["timeouts"] = { connect: 3_000, answer: 10_000 };

/**
 * Statuses that another try may do away with. 409 is the lock of somebody else who edits or activates (Zscaler, "API Response Codes and Error
 * Messages" of the Cloud & Branch Connector API).
 */
const transientStatuses = [408, 409, 429, 500, 502, 503, 504];

/** How a portal is reached. */
export interface PortalConnection {
  readonly clock: Clock;
  /** @default 3 s until a connection is secure, 10 s until the whole answer is there */
  readonly timeouts?: Call["timeouts"];
  /** Whom to trust, in PEM. @default those whom Node trusts */
  readonly certificateAuthority?: string;
}

/** Not now: not before so many milliseconds. */
class TryLater extends CallFailed {
  constructor(
    message: string,
    readonly wait: number,
  ) {
    super(message, "transient");
  }
}

/** 401: the credentials are wrong, or the session has ended. */
class Unauthorized extends CallFailed {}

/** Calls to a portal, whose certificate is always verified. */
export class PortalCalls {
  private readonly agent: Agent;

  constructor(private readonly connection: PortalConnection) {
    const { certificateAuthority: ca } = connection;
    this.agent = new Agent({ rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) });
  }

  /**
   * Makes a call that ends by a time, in milliseconds since 1970.
   *
   * @throws CallFailed for every status but 2xx, with nothing that was sent in its message
   */
  async call(call: Omit<Call, "agent" | "timeouts">, until: number): Promise<Answer> {
    const { clock, timeouts = defaultTimeouts } = this.connection;
    const { method, path } = call;
    const left = until - clock.now();
    if (left <= 0) throw new CallFailed(`${method} ${path}: no time is left for it`, "transient");
    const answer = await callOnce({ ...call, agent: this.agent, timeouts: { ...timeouts, answer: Math.min(timeouts.answer, left) } });
    if (answer.status < 200 || answer.status > 299) throw failureOf(`${method} ${path}`, answer, clock.now());
    return answer;
  }

  /** Makes a call again while it could help and there is time. */
  async repeat<Result>(until: number, tries: number, call: () => Promise<Result>): Promise<Result> {
    const { now, sleep, random } = this.connection.clock;
    for (let tried = 1; ; tried++) {
      try {
        return await call();
      } catch (error) {
        if (!isTransient(error) || tried >= tries) throw error;
        const backoff = Math.min(longestBackoff, firstBackoff * 2 ** (tried - 1)) * (0.5 + random() / 2);
        const wait = Math.max(backoff, error instanceof TryLater ? error.wait : 0);
        if (now() + wait >= until) throw error;
        await sleep(wait);
      }
    }
  }
}

/** A login that is renewed when the portal says that it has ended: once, and not if that is refused, which could lock the account. */
export class RenewableLogin {
  private mayRenew = true;

  constructor(private readonly logIn: (until: number) => Promise<void>) {}

  /** Makes a call, and once more after another login if the former one has ended. */
  async use<Result>(call: () => Promise<Result>, until: number): Promise<Result> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Unauthorized) || !this.mayRenew) throw error;
    }
    await this.renew(until);
    return call();
  }

  private async renew(until: number): Promise<void> {
    try {
      this.mayRenew = false;
      await this.logIn(until);
    } catch (error) {
      this.mayRenew = isTransient(error);
      throw error;
    }
  }
}

const isTransient = (error: unknown): boolean => error instanceof CallFailed && error.kind === "transient";

function failureOf(call: string, answer: Answer, now: number): CallFailed {
  const { status } = answer;
  const { code, id } = fieldsOf(answer);
  // Only a word of the portal's own, such as EDIT_LOCK_NOT_AVAILABLE: whatever else it says could repeat what it was sent.
  const word = typeof code === "string" && /^[A-Z]+(_[A-Z]+)+$/.test(code) ? ` ${code}` : "";
  const message = `${call}: status ${status}${word}`;
  if (status === 401) return new Unauthorized(message, "refused");
  // ZPA says it with other statuses too.
  if (status === 404 || id === "resource.not.found") return new CallFailed(message, "missing");
  return transientStatuses.includes(status) ? new TryLater(message, waitOf(answer, now)) : new CallFailed(message, "refused");
}

/** For how many milliseconds the portal wants to be left alone. It says so in a header, or in the body as "3 seconds". */
function waitOf(answer: Answer, now: number): number {
  const { "Retry-After": inBody } = fieldsOf(answer);
  const after = answer.headers["retry-after"] ?? (typeof inBody === "string" ? inBody : "0");
  const seconds = /^\d+/.exec(after)?.[0];
  const wait = seconds === undefined ? Date.parse(after) - now : 1000 * Number(seconds);
  return Number.isNaN(wait) ? 0 : wait;
}

/** The fields of an answer: none if it is no JSON object. */
export function fieldsOf({ text }: Answer): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = JSON.parse(text);
    return typeof fields === "object" && fields !== null ? (fields as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
