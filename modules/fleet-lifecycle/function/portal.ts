import { type Credentials, loginOf, readCredentials } from "./credentials";
import { type Portal, type PortalRecord, type PortalSession } from "./ports";
import { CallFailed } from "../../lambda/function/call-failed";
import { type Answer, type Call } from "../../lambda/function/https-call";
import { fieldsOf, mostTries, PortalCalls, type PortalConnection, RenewableLogin } from "../../lambda/function/portal-call";

export interface PortalAccess extends PortalConnection {
  /** A name or an address, with or without a port. */
  readonly host: string;
  /** The text of the secret. Read once for each session. */
  readonly credentials: () => Promise<string>;
  /** When the last call has ended, in milliseconds since 1970. */
  readonly deadline: number;
}

// Kept back from the removals, so that those which were made become effective, and the session ends.
const forActivation = 20_000;
const forClose = 5_000;

/** The portal takes one removal a second (Zscaler, "API Rate Limit Summary" of the Cloud & Branch Connector API). */
const removalsApart = 1_000;

/** The API of the Zscaler portal for Cloud Connectors. Certificates are always verified. */
export const connectPortal = (access: PortalAccess): Portal => ({
  open: async () => {
    const session = new Session(access, readCredentials(await access.credentials()));
    await session.logIn();
    return session;
  },
});

class Session implements PortalSession {
  private readonly calls: PortalCalls;
  private readonly login = new RenewableLogin((until) => this.logInOnce(until));
  private cookie = "";
  private removedAny = false;
  private nextRemoval = 0;

  constructor(
    private readonly access: PortalAccess,
    private readonly credentials: Credentials,
  ) {
    this.calls = new PortalCalls(access);
  }

  logIn(): Promise<void> {
    return this.calls.repeat(this.endOfRemovals, mostTries, () => this.logInOnce(this.endOfRemovals));
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
    return this.calls.repeat(until, tries, () => this.login.use(() => this.call(method, path, until), until));
  }

  private call(method: Call["method"], path: string, until: number, body?: string): Promise<Answer> {
    const headers = {
      // Asked for without a body too: 415 otherwise.
      "Content-Type": "application/json",
      ...(this.cookie === "" ? {} : { Cookie: this.cookie }),
    };
    return this.calls.call({ host: this.access.host, method, path, headers, body }, until);
  }
}
