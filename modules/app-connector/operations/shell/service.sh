#!/bin/bash
set -euo pipefail
# Where the AWS CLI and zscaler-enroll are, which the agent's own PATH need not have.
PATH=$PATH:/usr/local/bin:/usr/local/sbin

# Whether the newest state that the service has logged is connected. Only what it logged since it was last started counts.
connected() {
  local run
  run=$(systemctl show --property=InvocationID --value zpa-connector)
  [[ $(grep --max-count=1 'Control connection state:' < <(journalctl "_SYSTEMD_INVOCATION_ID=$run" --reverse --output=cat --no-pager)) == *fohh_connection_connected* ]]
}

# Waits so many seconds at the most until the service is connected to ZPA.
wait_connected() {
  local seconds=$1 waited
  for ((waited = 0; waited < seconds; waited += 5)); do
    if connected; then
      echo "zpa-connector is connected to ZPA"
      return
    fi
    sleep 5
  done
  echo "zpa-connector is not connected to ZPA after $seconds s. The end of its log:"
  journalctl --unit=zpa-connector --lines=30 --no-pager
  exit 1
}
