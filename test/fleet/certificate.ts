import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate that signs itself, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** @param names as OpenSSL writes them, such as `IP:127.0.0.1` */
export function makeCertificate(...names: readonly string[]): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const how = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=test"];
  execFileSync("openssl", ["req", "-x509", ...how, "-addext", `subjectAltName=${names.join(",")}`, "-keyout", key, "-out", cert], {
    stdio: "pipe",
  });
  try {
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
