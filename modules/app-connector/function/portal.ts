import { type Credentials, loginOf, readCredentials } from "./credentials";
import { type PortalSettings } from "./document";
import { isPortalId } from "./parameters";
import { type Portal, type PortalSession } from "./ports";
import { CallFailed } from "../../lambda/function/call-failed";
import { type Answer, type Call } from "../../lambda/function/https-call";
import { fieldsOf, mostTries, PortalCalls, type PortalConnection, RenewableLogin } from "../../lambda/function/portal-call";

export interface PortalAccess extends PortalConnection {
  readonly settings: Omit<PortalSettings, "secret">;
  /** The text of the secret. Read once for each session. */
  readonly credentials: () => Promise<string>;
  /** When the last call has ended, in milliseconds since 1970. */
  readonly deadline: number;
}

/** ZPA takes ten calls that change something in ten seconds: so Zscaler's own SDK for Go keeps to it (oneapiclient.go). */
const changesApart = 1_000;

/** What a header can hold. */
const tokenForm = /^[\x21-\x7e]+$/;

/** The ZPA API, by OneAPI. Certificates are always verified. */
export const connectPortal = (access: PortalAccess): Portal => ({
  open: async () => {
    const session = new Session(access, readCredentials(await access.credentials()));
    await session.logIn();
    return session;
  },
});

class Session implements PortalSession {
  private readonly calls: PortalCalls;
  private readonly login = new RenewableLogin(() => this.logInOnce());
  private token = "";
  private nextChange = 0;

  constructor(
    private readonly access: PortalAccess,
    private readonly credentials: Credentials,
  ) {
    this.calls = new PortalCalls(access);
  }

  logIn(): Promise<void> {
    return this.calls.repeat(this.access.deadline, mostTries, () => this.logInOnce());
  }

  async disable(id: string): Promise<"disabled" | "missing"> {
    const found = await this.callForOne("GET", id);
    if (found === "missing") return found;
    const appConnector = fieldsOf(found);
    if (appConnector["id"] !== id) throw new CallFailed(`the answer for the App Connector ${id} is another thing`, "refused");
    if (appConnector["enabled"] === false) return "disabled";
    // ZPA replaces the whole of it.
    const changed = await this.callForOne("PUT", id, { ...appConnector, enabled: false });
    return changed === "missing" ? changed : "disabled";
  }

  async remove(id: string): Promise<"removed" | "missing"> {
    return (await this.callForOne("DELETE", id)) === "missing" ? "missing" : "removed";
  }

  async register(codes: readonly string[], group: string): Promise<void> {
    await this.callAgain("POST", "/CONNECTOR_GRP/usercodes", { componentGroupId: group, user_codes: codes });
  }

  private async logInOnce(): Promise<void> {
    this.token = "";
    const { access_token: token } = fieldsOf(await this.askForToken());
    if (typeof token !== "string" || !tokenForm.test(token)) throw new CallFailed("the login brought no token", "refused");
    this.token = token;
  }

  private async askForToken(): Promise<Answer> {
    const { settings, deadline } = this.access;
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const body = loginOf(this.credentials);
    try {
      return await this.calls.call({ host: settings.login, method: "POST", path: "/oauth2/v1/token", headers, body }, deadline);
    } catch (error) {
      // What is missing is the login, and not the App Connector that a call is about.
      throw error instanceof CallFailed && error.kind === "missing" ? new CallFailed(error.message, "refused") : error;
    }
  }

  private async callForOne(method: Call["method"], id: string, body?: object): Promise<Answer | "missing"> {
    // It stands in the path.
    if (!isPortalId(id)) throw new CallFailed(`${id} is no id of an App Connector`, "refused");
    try {
      return await this.callAgain(method, `/connector/${id}`, body);
    } catch (error) {
      if (error instanceof CallFailed && error.kind === "missing") return "missing";
      throw error;
    }
  }

  private async callAgain(method: Call["method"], path: string, body?: object): Promise<Answer> {
    const { clock, deadline } = this.access;
    if (method !== "GET") {
      if (clock.now() < this.nextChange) await clock.sleep(this.nextChange - clock.now());
      this.nextChange = clock.now() + changesApart;
    }
    return this.calls.repeat(deadline, mostTries, () => this.login.use(() => this.call(method, path, body), deadline));
  }

  private call(method: Call["method"], path: string, body: object | undefined): Promise<Answer> {
    const { settings, deadline } = this.access;
    const { api: host, customer, microtenant } = settings;
    const query = microtenant === undefined ? "" : `?microtenantId=${microtenant}`;
    return this.calls.call(
      {
        host,
        method,
        path: `/zpa/mgmtconfig/v1/admin/customers/${customer}${path}${query}`,
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${this.token}` },
        body: body && JSON.stringify(body),
      },
      deadline,
    );
  }
}
