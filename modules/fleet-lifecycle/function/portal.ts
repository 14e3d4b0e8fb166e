import { Agent } from "node:https";
import { type Credentials, loginOf, readCredentials } from "./credentials";
import { type Answer, type Call, callOnce } from "./https-call";
import { CallFailed, type Portal, type PortalRecord, type Ports, type PortalSession } from "./ports";

export interface PortalAccess {
  /** A name or an address, with or without a port. */
  readonly host: string;
  /** The text of the secret. Read once for each session. */
  readonly credentials: () => Promise<string>;
  readonly clock: Pick<Ports, "now" | "sleep" | "random">;
  /** When the last call has ended, in milliseconds since 1970. */
  readonly deadline: number;
  /** @default 3 s until a connection is secure, 10 s until the whole answer is there */
  readonly timeouts?: Call["timeouts"];
  /** Whom to trust, in PEM. @default those whom Node trusts */
  readonly certificateAuthority?: string;
}

const defaultTimeouts: Call["timeouts"] = { connect: 3_000, answer: 10_000 };

// Kept back from the removals, so that those which were made become effective, and the session ends.
const forActivation = 20_000;
const forClose = 5_000;

const mostTries = 5;
const firstBackoff = 500;
const longestBackoff = 10_000;

/** The portal takes one removal a second (Zscaler, "API Rate Limit Summary" of the Cloud & Branch Connector API). */
const removalsApart = 1_000;

/**
 * Statuses that another try may do away with. 409 is the lock of somebody else who edits or activates (Zscaler, "API Response Codes and Error
 * Messages" of the Cloud & Branch Connector API).
 */
const transientStatuses = [408, 409, 429, 500, 502, 503, 504];

/** Not now: not before so many milliseconds. */
class TryLater extends CallFailed {
  constructor(
    message: string,
    readonly wait: number,
  ) {
    super(message, "transient");
  }
}

/** The API of the Zscaler portal for Cloud Connectors. Certificates are always verified. */
export const connectPortal = (access: PortalAccess): Portal => ({
  open: async () => {
    const session = new Session(access, readCredentials(await access.credentials()));
    await session.logIn();
    return session;
  },
});

class Session implements PortalSession {
  private readonly agent: Agent;
  private cookie = "";
  private mayRenew = true;
  private removedAny = false;
  private nextRemoval = 0;

  constructor(
    private readonly access: PortalAccess,
    private readonly credentials: Credentials,
  ) {
    const { certificateAuthority: ca } = access;
    this.agent = new Agent({ rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) });
  }

  logIn(): Promise<void> {
    return this.repeat(this.endOfRemovals, mostTries, (until) => this.logInOnce(until));
  }

  async remove({ group, vm }: PortalRecord): Promise<"removed" | "missing"> {
    // They stand in the path.
    if (![group, vm].every((id) => /^\w+$/.test(id))) throw new CallFailed(`${group}/${vm} is no record of a connector`, "refused");
    const { now, sleep } = this.access.clock;
    if (now() < this.nextRemoval) await sleep(this.nextRemoval - now());
    this.nextRemoval = now() + removalsApart;
    try {
      await this.callAgain("DELETE", `/api/v1/ecgroup/${group}/vm/${vm}`, this.endOfRemovals, mostTries);
    } catch (error) {
      if (error instanceof CallFailed && error.kind === "missing") return "missing";
      throw error;
    }
    this.removedAny = true;
    return "removed";
  }

  async activate(): Promise<void> {
    const path = "/api/v1/ecAdminActivateStatus";
    const until = this.access.deadline - forClose;
    if (!this.removedAny) {
      // An earlier batch may have removed them without being able to activate. If not, what others edit is not ours to activate.
      const { orgEditStatus } = fieldsOf(await this.callAgain("GET", path, until, mostTries));
      if (orgEditStatus !== undefined && orgEditStatus !== "EDITS_PRESENT") return;
    }
    // Somebody else who activates needs a minute: all the time there is.
    const { adminActivateStatus } = fieldsOf(await this.callAgain("PUT", `${path}/activate`, until, Infinity));
    if (adminActivateStatus === "ADM_ACTV_FAIL") throw new CallFailed("the portal could not activate", "transient");
  }

  async close(): Promise<void> {
    try {
      await this.call("DELETE", "/api/v1/auth", this.access.deadline);
    } catch {
      // The portal ends a session that nobody uses.
    }
  }

  private get endOfRemovals(): number {
    return this.access.deadline - forActivation - forClose;
  }

  private async logInOnce(until: number): Promise<void> {
    const body = loginOf(this.credentials, this.access.clock.now());
    this.cookie = "";
    const { headers } = await this.call("POST", "/api/v1/auth", until, body);
    const cookies = (headers["set-cookie"] ?? []).map((cookie) => cookie.replace(/;.*/s, ""));
    if (!cookies.some((cookie) => cookie.startsWith("JSESSIONID="))) throw new CallFailed("the login brought no session", "refused");
    this.cookie = cookies.join("; ");
  }

  private callAgain(method: Call["method"], path: string, until: number, tries: number): Promise<Answer> {
    return this.repeat(until, tries, () => this.callInSession(method, path, until));
  }

  /** Makes a call, and logs in once more if the session has ended. */
  private async callInSession(method: Call["method"], path: string, until: number): Promise<Answer> {
    try {
      return await this.call(method, path, until);
    } catch (error) {
      if (!(error instanceof Unauthorized) || !this.mayRenew) throw error;
    }
    await this.renew(until);
    return this.call(method, path, until);
  }

  /** A login that is refused is not tried again: it could lock the account. */
  private async renew(until: number): Promise<void> {
    try {
      this.mayRenew = false;
      await this.logInOnce(until);
    } catch (error) {
      this.mayRenew = isTransient(error);
      throw error;
    }
  }

  private async call(method: Call["method"], path: string, until: number, body?: string): Promise<Answer> {
    const { host, timeouts = defaultTimeouts, clock } = this.access;
    const left = until - clock.now();
    if (left <= 0) throw new CallFailed(`${method} ${path}: no time is left for it`, "transient");
    const answer = await callOnce({
      agent: this.agent,
      host,
      method,
      path,
      headers: {
        // Asked for without a body too: 415 otherwise.
        "Content-Type": "application/json",
        ...(this.cookie === "" ? {} : { Cookie: this.cookie }),
      },
      body,
      timeouts: { ...timeouts, answer: Math.min(timeouts.answer, left) },
    });
    if (answer.status < 200 || answer.status > 299) throw failureOf(`${method} ${path}`, answer, clock.now());
    return answer;
  }

  private async repeat<Result>(until: number, tries: number, call: (until: number) => Promise<Result>): Promise<Result> {
    const { now, sleep, random } = this.access.clock;
    for (let tried = 1; ; tried++) {
      try {
        return await call(until);
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

/** 401: the credentials are wrong, or the session has ended. */
class Unauthorized extends CallFailed {}

const isTransient = (error: unknown): boolean => error instanceof CallFailed && error.kind === "transient";

function failureOf(call: string, answer: Answer, now: number): CallFailed {
  const { status } = answer;
  const { code } = fieldsOf(answer);
  // Only a word of the portal's own, such as EDIT_LOCK_NOT_AVAILABLE: whatever else it says could repeat what it was sent.
  const word = typeof code === "string" && /^[A-Z]+(_[A-Z]+)+$/.test(code) ? ` ${code}` : "";
  const message = `${call}: status ${status}${word}`;
  if (status === 401) return new Unauthorized(message, "refused");
  if (status === 404) return new CallFailed(message, "missing");
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

function fieldsOf({ text }: Answer): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = JSON.parse(text);
    return typeof fields === "object" && fields !== null ? (fields as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
