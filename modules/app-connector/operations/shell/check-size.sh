inspects='{{ AppProtection }}'
cpu=$(cat /proc/cpuinfo)
flags=$(grep --max-count=1 '^flags' <<<"$cpu" || true)
processors=$(grep --count '^processor' <<<"$cpu" || true)
memory=$(free -m | awk '/^Mem:/ { print $2 }')

gigabytes=4
if [[ $inspects == yes ]]; then
  gigabytes=8
  needed=8
elif [[ " $flags " == *' ht '* ]]; then
  needed=4
else
  needed=2
fi
free -g
df --human-readable /
echo "processors: $processors, $needed needed; memory: $memory MiB, $gigabytes GB needed"

enough=yes
if ((processors < needed)); then
  echo "too few processors: choose an instance type with more vCPUs"
  enough=no
fi
# The kernel keeps up to a tenth of the memory for itself.
if ((memory < gigabytes * 900)); then
  echo "too little memory: choose an instance type with more"
  enough=no
fi
[[ $enough == yes ]]
