healthy=yes
service=$(systemctl status zpa-connector --no-pager --lines=0) || healthy=no
printf '%s\n' "$service"
if [[ $service != *zpa-connector-child* ]]; then
  echo "zpa-connector has no child process: a healthy App Connector has a parent and a child"
  healthy=no
fi
rpm --query zpa-connector || healthy=no
zscaler-enroll status || healthy=no
if ! connected; then
  echo "zpa-connector is not connected to ZPA"
  healthy=no
fi
[[ $healthy == yes ]]
