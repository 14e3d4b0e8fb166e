seconds='{{ WaitSeconds }}'
systemctl restart zpa-connector
wait_connected "$seconds"
