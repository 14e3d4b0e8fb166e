const anchor = "/etc/pki/ca-trust/source/anchors/inspection-root.crt";

/** User data by which an Amazon Linux host trusts a root certificate, given as PEM, before anything on it speaks TLS. */
export const trustCertificate = (pem: string): string =>
  ["#!/bin/bash", "set -euo pipefail", `cat > ${anchor} <<'PEM'`, pem.trim(), "PEM", "update-ca-trust", ""].join("\n");
