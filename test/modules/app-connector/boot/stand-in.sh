#!/bin/sh
# Stands for the commands by which the boot script changes an instance or asks AWS. WORLD is the folder with what they know and do: `calls` has a
# line for each call, `fail/<call>` and `hang/<call>` how often the next ones fail or hang. The clock, and nothing else, moves when they sleep.
name=${0##*/}
case $name in
  # After its two time limits, and the service.
  aws) what="aws $6" ;;
  systemctl | yum | rpm) what="$name $1" ;;
  nmcli) what="nmcli $1 $2" ;;
  *) what=$name ;;
esac

if [ "$name" = timeout ]; then
  LIMIT=$3
  export LIMIT
  shift 3
  exec "$@"
fi

# Asked of the test's own metadata service, over the network.
if [ "$name" = curl ]; then
  for last; do :; done
  case $last in "$IMDS"/*) exec "$CURL" "$@" ;; esac
fi

read -r up _ <"$ROOT/proc/uptime"
up=${up%.*}
pass() { echo "$((up + $1)).00 1.00" >"$ROOT/proc/uptime"; }

if [ "$name" = boot ]; then calls=/dev/null; else calls=$WORLD/calls; fi
echo "$name $*" >>"$calls"
# A power loss comes after a call that changed something: what comes before a call is what the one before it left, and a file that was moved
# comes before its folder is written to the disk. The script and all that it runs are one process group.
finish() {
  case $what in
    "systemctl is-active" | "systemctl cat" | "rpm -q" | journalctl | sleep | gpgv | "aws get-"* | "aws cp" | "nmcli -g"*) exit "$1" ;;
  esac
  read -r count <"$WORLD/count"
  count=$((count + 1))
  echo "$count" >"$WORLD/count"
  if [ "$count" = "${KILL_AFTER:-}" ]; then kill -9 0; fi
  exit "$1"
}

# True as often as a file says.
used_up() {
  if [ ! -f "$1" ]; then return 1; fi
  read -r left <"$1"
  if [ "$left" -le 0 ]; then return 1; fi
  echo $((left - 1)) >"$1"
}
if used_up "$WORLD/hang/$what"; then
  if [ -z "${LIMIT:-}" ]; then exec "$SLEEP" 1000; fi
  pass "$LIMIT"
  finish 124
fi
if used_up "$WORLD/fail/$what"; then
  echo "An error occurred (ThrottlingException)" >&2
  finish 1
fi

data=$ROOT/opt/zscaler/var
status() {
  printf '%s\n' "-------- ${STATUS_WORDS:-App Connector} Status:ID=$1:Name=Test App Connector-1:Ver=18.42.1 --------" \
    "Certificate will expire in 370 days" "Control connection state: $2, local:[10.80.202.1]:53040" "Mtunnels: Total Created = 0" >>"$WORLD/journal"
}
identify() {
  read -r id <"$WORLD/next-id"
  echo $((id + 1)) >"$WORLD/next-id"
  echo "$id" >"$data/identity"
}
is_active() {
  read -r state <"$WORLD/service"
  [ "$state" = active ]
}
# The App Connector enrolls with the right key at its start, and else shows a code.
start() {
  if is_active; then return; fi
  echo active >"$WORLD/service"
  if [ ! -f "$data/identity" ] && [ -f "$data/provision_key" ] && [ "$(cat "$data/provision_key")" = "$(cat "$WORLD/key")" ]; then identify; fi
  if [ -f "$data/identity" ]; then
    cp "$WORLD/connects-after" "$WORLD/waiting"
    if [ ! -f "$WORLD/good-starts" ]; then
      status "$(cat "$data/identity")" fohh_connection_connecting
    elif ! used_up "$WORLD/good-starts"; then
      echo 999 >"$WORLD/waiting"
    fi
  elif [ ! -f "$data/provision_key" ]; then
    used_up "$WORLD/codes" && echo "Code: ABCDE-1234$left" >"$ROOT/etc/issue"
  fi
}

# It connects once it was asked for its status, or slept through, as often as it takes.
progress() {
  if ! is_active; then return; fi
  if [ -f "$WORLD/registered" ] && [ ! -f "$data/identity" ]; then
    identify
    cp "$WORLD/connects-after" "$WORLD/waiting"
  fi
  if [ -f "$data/identity" ] && [ -f "$WORLD/waiting" ] && ! used_up "$WORLD/waiting"; then
    rm "$WORLD/waiting"
    status "$(cat "$data/identity")" fohh_connection_connected
  fi
}

option() {
  wanted=$1
  shift
  while [ $# -gt 1 ]; do
    if [ "$1" = "$wanted" ]; then echo "$2"; fi
    shift
  done
}

refuse() {
  echo "An error occurred ($1)" >&2
  finish 254
}

case $what in
  boot)
    if [ -f "$WORLD/enabled" ]; then start; fi ;;
  sleep)
    pass "$1"
    progress ;;
  sync | sysctl) ;;
  update-ca-trust) ls "$ROOT/etc/pki/ca-trust/source/anchors" >"$WORLD/trusted" ;;
  "systemctl is-active") is_active || finish 3 ;;
  "systemctl cat") [ -f "$WORLD/agent" ] || finish 1 ;;
  "systemctl enable")
    case $* in *zpa-connector) : >"$WORLD/enabled" ;; esac ;;
  "systemctl start") [ -d "$data" ] || finish 5; start ;;
  "systemctl stop") echo inactive >"$WORLD/service" ;;
  journalctl)
    progress
    after=0
    for argument; do
      case $argument in
        --show-cursor) echo "-- cursor: $(wc -l <"$WORLD/journal")"; finish 0 ;;
        --after-cursor=*) after=${argument#*=} ;;
      esac
    done
    case " $* " in *" -b "*) ;; *) cat "$WORLD/journal-before" ;; esac
    tail -n "+$((after + 1))" "$WORLD/journal" ;;
  "rpm -q") [ -f "$WORLD/installed" ] || finish 1 ;;
  "rpm -U") : >"$WORLD/agent" ;;
  "yum install")
    : >"$WORLD/installed"
    mkdir -p "$data" ;;
  "yum update") echo updated >>"$WORLD/updates" ;;
  "nmcli -g GENERAL.CONNECTION") echo "System eth0" ;;
  nmcli*) echo "$*" >>"$WORLD/network" ;;
  curl)
    case $last in
      *.zip) cp "$WORLD/awscli.zip" "$(option -o "$@")" ;;
      *.zip.sig) cp "$WORLD/awscli.signer" "$(option -o "$@")" ;;
      *.rpm) echo package >"$(option -o "$@")" ;;
      *.rpm.sig) cp "$WORLD/agent.signer" "$(option -o "$@")" ;;
    esac ;;
  gpgv)
    read -r signer <"$5"
    if [ "$signer" = nobody ]; then echo "[GNUPG:] BADSIG 0 x"; finish 1; fi
    printf '%s\n' "[GNUPG:] NEWSIG" "[GNUPG:] VALIDSIG $signer 2026-07-01 0 0 4 0 1 10 00 $signer" ;;
  "aws get-secret-value")
    echo "region $AWS_REGION $AWS_DEFAULT_REGION proxy ${https_proxy:-}${HTTP_PROXY:-}" >"$WORLD/aws-environment"
    if [ -f "$WORLD/secrets-at" ] && [ "$up" -lt "$(cat "$WORLD/secrets-at")" ]; then refuse ResourceNotFoundException; fi
    cat "$WORLD/secrets/$(option --secret-id "$@")" 2>/dev/null || refuse ResourceNotFoundException ;;
  "aws get-parameter") cat "$WORLD/parameters/$(option --name "$@")" 2>/dev/null || refuse ParameterNotFound ;;
  "aws put-parameter")
    parameter=$WORLD/parameters/$(option --name "$@") value=$(option --value "$@")
    mkdir -p "${parameter%/*}"
    printf '%s %s\n' "$(option --type "$@")" "$(cat "${value#file://}")" >"$parameter"
    echo "${parameter##*parameters/} $(cat "$parameter")" >>"$WORLD/published"
    case "$parameter $(cat "$parameter")" in */codes/*"$(cat "$WORLD/registers")"*) : >"$WORLD/registered" ;; esac ;;
  "aws cp") cat "$WORLD/objects/$(echo "$8" | cut -d / -f 3-)" 2>/dev/null || refuse 404 ;;
  "aws complete-lifecycle-action")
    if [ -f "$WORLD/hook-at" ] && [ "$up" -ge "$(cat "$WORLD/hook-at")" ]; then
      used_up "$WORLD/hook-again" || rm "$WORLD/hook-at"
      option --lifecycle-action-result "$@" >>"$WORLD/completed"
    else
      refuse "ValidationError) when calling the CompleteLifecycleAction operation: No active Lifecycle Action found with instance ID"
    fi ;;
  *) finish 127 ;;
esac
finish 0
