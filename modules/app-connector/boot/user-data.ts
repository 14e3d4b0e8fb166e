import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Finding } from "../../validation";
import { type BootSettings, settingsFile } from "./boot-settings";

/** The most user data that EC2 takes, packed and before Base64 (EC2 User Guide, "Run commands when you launch an EC2 instance"). */
export const mostUserDataBytes = 16_384;

const fileHere = (name: string): string => readFileSync(join(__dirname, name), "utf8");

/** A text that Terraform leaves as it is. */
const literal = (text: string): string => text.replace(/[$%]\{/g, (opening) => `${opening[0]}${opening}`);

/**
 * User data that installs the boot script as /usr/local/sbin/zscaler-enroll, its settings, and the unit that runs it at this boot and at every
 * later one: cloud-init runs user data at the first boot only. Plain text, in which tokens are interpolated. It is longer than what EC2 takes, and goes there
 * packed by gzip, which cloud-init unpacks.
 */
export const userData = (settings: BootSettings): string =>
  `#!/bin/bash
set -euo pipefail
mkdir -p /etc/zscaler-enroll
cat >/usr/local/sbin/zscaler-enroll <<'END OF SCRIPT'
${literal(fileHere("enroll.sh"))}END OF SCRIPT
chmod 755 /usr/local/sbin/zscaler-enroll
cat >/etc/systemd/system/zscaler-enroll.service <<'END'
${literal(fileHere("zscaler-enroll.service"))}END
cat >/etc/zscaler-enroll/settings <<'END'
${settingsFile(settings)}END
chmod 644 /etc/systemd/system/zscaler-enroll.service /etc/zscaler-enroll/settings
sync
systemctl daemon-reload
systemctl enable zscaler-enroll
systemctl start --no-block zscaler-enroll
`;

/** What is wrong with user data whose settings are all known: the rest is the same for everybody, and short enough. */
export function judgeUserData(text: string): Finding | undefined {
  const bytes = gzipSync(text).length;
  if (bytes <= mostUserDataBytes) return undefined;
  return {
    problem: `the user data of the instances has ${bytes} bytes, and EC2 takes ${mostUserDataBytes}`,
    fix: "give fewer entries in proxy.bypass, routes or certificates",
  };
}
