packages='{{ Packages }}'
seconds='{{ WaitSeconds }}'
before=$(rpm --query --all | sort)
if [[ $packages == all ]]; then
  yum update -y
else
  yum update -y "$packages"
fi
if [[ $(rpm --query --all | sort) == "$before" ]]; then
  echo "nothing is left to update"
elif [[ $packages == all ]]; then
  echo "packages were updated: the instance reboots, and then this goes on"
  # Systems Manager reboots the instance, and then runs all of this once more.
  exit 194
else
  systemctl restart zpa-connector
fi
wait_connected "$seconds"
