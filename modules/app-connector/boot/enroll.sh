#!/bin/bash
# Makes this instance an App Connector of ZPA. Each step leaves alone what is done already: a boot goes on where the last one ended.
#   zscaler-enroll             what the unit runs at every boot
#   zscaler-enroll re-enroll   gives the App Connector up, and enrolls anew
#   zscaler-enroll status      prints what the App Connector last said of itself
# In the tests, ROOT stands before every path and IMDS in place of the metadata service.
# Nothing is traced, since the provisioning key is among the variables.
set +x -euo pipefail

root=${ROOT:-}
imds=${IMDS:-http://169.254.169.254}
state=$root/var/lib/zscaler-enroll
data=$root/opt/zscaler/var
PATH=$PATH:$root/usr/local/bin
# AWS is reached past any proxy.
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
export AWS_PAGER='' AWS_MAX_ATTEMPTS=3

mode=${1:-boot}
deadline=0
token='' instance='' region='' domain='' target=''
id='' version='' connection='' cursor='' new_key=''
declare -A setting=(
  [PARAMETERS]='' [IMAGE]='' [ENROLLMENT]='' [KEY_SOURCE]='' [KEY_FIELD]='' [GROUP]='' [ENROLL_SECONDS]=900 [UPDATE]=''
  [PROXY]='' [PROXY_BYPASS]='' [PROXY_SECRET]='' [DNS_SERVERS]='' [ROUTES]='' [TCP_KEEPALIVE]='' [CERTIFICATES]=''
)

log() { echo "$*"; }

# The settings are read, never run.
read_settings() {
  local line
  while IFS= read -r line; do
    if [[ $line == [A-Z]*=* ]]; then setting[${line%%=*}]=${line#*=}; fi
  done <"$root/etc/zscaler-enroll/settings"
}

# Seconds since the instance started: the time of day jumps when it is first set.
seconds() {
  local up
  read -r up _ <"$root/proc/uptime"
  echo "${up%.*}"
}

renew_deadline() { deadline=$(($(seconds) + setting[ENROLL_SECONDS])); }

# Does what nothing can follow without, further and further apart until it succeeds, while there is time to enroll.
step() {
  local what=$1 pause=1
  shift
  until "$@"; do
    pause=$((pause < 16 ? pause * 2 : 30))
    (($(seconds) + pause < deadline)) || fail "$what: not done after ${setting[ENROLL_SECONDS]} s"
    log "$what: trying again in $pause s"
    sleep "$pause"
  done
}

fail() {
  log "failed: $1"
  if [[ $mode == boot && -n ${setting[GROUP]} && -n $instance ]]; then abandon_launch; fi
  exit 1
}

# What was noted on the disk, empty if nothing was.
noted() { if [[ -f $state/$1 ]]; then echo "$(<"$state/$1")"; fi; }

note() { put "$state/$1" 077 "$2"; }

# Does a thing once for each value it is wanted with.
once() {
  if [[ -z $2 || $(noted "$1") == "$2" ]]; then return; fi
  "${@:3}" && note "$1" "$2"
}

holds() { [[ -f $1 && $(<"$1") == "$2" ]]; }

# Writes a file as a whole or not at all, and as far as the disk: for all to read (umask 022) or for root alone (077).
put() {
  local file=$1 mask=$2 content=$3
  if holds "$file" "$content"; then return; fi
  if [[ ! -d ${file%/*} ]]; then mkdir -p "${file%/*}" || return 1; fi
  (umask "$mask" && printf '%s\n' "$content" >"$file.new") &&
    sync "$file.new" && mv -f "$file.new" "$file" && sync "${file%/*}"
}

get_token() { token=$(curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 21600' "$imds/latest/api/token"); }

# A value of the instance's metadata, by IMDSv2. Returns 44 if there is none of that name.
metadata() {
  local answer
  answer=$(curl -s -m 5 -H "X-aws-ec2-metadata-token: $token" -w ' %{http_code}' "$imds/latest/meta-data/$1") || return 1
  case ${answer##* } in
    200) echo "${answer% *}" ;;
    404) return 44 ;;
    *) return 1 ;;
  esac
}

find_instance() {
  get_token && instance=$(metadata instance-id) && region=$(metadata placement/region) && domain=$(metadata services/domain) || return 1
  export AWS_REGION=$region AWS_DEFAULT_REGION=$region
}

# Every call ends, answered or not.
call() { timeout -k 5 60 aws --cli-connect-timeout 5 --cli-read-timeout 20 "$@"; }

# A value of a JSON text, or the whole text.
value_of() {
  if [[ -z $1 ]]; then
    cat
  elif ! python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1" 2>/dev/null; then
    log "the secret is no JSON with the key $1" >&2
    return 1
  fi
}

secret() { call secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text | value_of "$2"; }

parameter() { call ssm get-parameter --name "$1" --with-decryption --query Parameter.Value --output text; }

# The value goes by a file: others may see the arguments of a process.
publish() {
  (umask 077 && printf %s "$3" >"$state/value") &&
    call ssm put-parameter --name "${setting[PARAMETERS]}/$1" --type "$2" --value "file://$state/value" --overwrite >/dev/null &&
    rm -f "$state/value"
}

# An image of an instance that enrolled has its identity, which is bound to the hardware (Zscaler: never clone).
check_disk() {
  local before
  before=$(noted instance)
  if [[ -z $before || $before == "$instance" ]]; then return; fi
  systemctl stop zpa-connector || true
  fail "this disk enrolled as $before, and an image was made of it: start from an image of an instance that never enrolled"
}

configure_network() {
  local interface connection routes change=()
  interface=$(awk '$2 == "00000000" { print $1; exit }' "$root/proc/net/route") && [[ -n $interface ]] &&
    connection=$(nmcli -g GENERAL.CONNECTION device show "$interface") || return 1
  if [[ -n ${setting[DNS_SERVERS]} ]]; then change+=(ipv4.ignore-auto-dns yes ipv4.dns "${setting[DNS_SERVERS]// /,}"); fi
  if [[ -n ${setting[ROUTES]} ]]; then
    routes=${setting[ROUTES]// /,}
    change+=(ipv4.routes "${routes//@/ }")
  fi
  nmcli connection modify "$connection" "${change[@]}" && nmcli connection up "$connection" >/dev/null
}

keep_alive() {
  local time interval probes file=$root/etc/sysctl.d/90-zscaler-enroll.conf
  read -r time interval probes <<<"${setting[TCP_KEEPALIVE]}"
  printf -v probes 'net.ipv4.tcp_keepalive_%s\n' "time = $time" "intvl = $interval" "probes = $probes"
  put "$file" 022 "${probes%$'\n'}" && sysctl -q -p "$file"
}

# Public keys as AWS publishes them on GitHub: in aws/aws-cli (branch v2, scripts/install-v2/install.sh), which signs the AWS CLI, and in
# aws/amazon-ecs-agent (scripts/amazon-ssm-agent.gpg), the newest, which signs the agent of Systems Manager.
signing_key() {
  case $1 in
    FB5DB77FD5C118B80511ADA8A6310ACC4672475C) base64 -d <<'END' ;;
mQINBF2Cr7UBEADJZHcgusOJl7ENSyumXh85z0TRV0xJorM2B/JL0kHOyigQluUGZMLhENaG0bYatdrKP+3H91lvK050pXwnO/R7fB/FSTouki4ciIx5OuLlnJZIxSzxPqGl0mkx
ImLNbGWoi6Lto0LYxqHN2iQtzlwTVmq9733zd3XfcXrZ3+LblHAgEt5GTfNxEKJ8soPLyWmwDH6HWCnjZ/aIQRBTIQ05uVeEoYxSh6wOai7ss/KveoSNBbYzgbdzoqI2Y8cgH2nb
fgp3DSasaLZEdCSsIsK1u05CinE7k2qZ7KgKAUIcT/cR/grkC6VwsnDU0OUCideXcQ8WeHutqvgZH1JgKDbznoIzeQHJD238GEu+eKhRHcz8/jeG94zkcgJOz3KbZGYMiTh277Fv
j9zzvZsbMBCedV1BTg3TqgvdX4bdkhf5cH+7NtWOlrFj6UwAsGukBTAOxC0l/dnSmZhJ7Z1KmEWilro/gOrjtOxqRQutlIqG22TaqoPGfYVN+en3Zwbt97kcgZDwqbuykNt64oZW
c4XKCa3mprEGC3IbJTBFqglXmZ7l9ywGEEUJYOlb2XrSuPWml39beWdKM8kzr1OjnlOm6+lpTRCBfo0wa9F8YZRhHPAkwKkXXDeOGpWRj4ohOx0d2GWkyV5xyN14p2tQOCdOODmz
80yUTgRpPVQUtOEhXQARAQABtCFBV1MgQ0xJIFRlYW0gPGF3cy1jbGlAYW1hem9uLmNvbT6JAlQEEwEIAD4CGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AWIQT7Xbd/1cEYuAUR
raimMQrMRnJHXAUCakV0ygUJDqP4lQAKCRCmMQrMRnJHXFHjD/9eyZLYcKuQOlLvtqSDtUBiEZf6ZZjMi3ygYH8rJNtuToUH+HvSpe819urJCquXhDrlK6N+aqW0hCLtNABJG/vs
afIgvIYJhSGgpgtNnQyMV1jViRWqPjbouw8OkYKBThUfT1i2Y+wn58ifs6ODBCmTexWtXspASi+Gt49xDOW0APmbOPnI+a4HJW6tVEo6MWS0WjzpiBayR3d1A4pt4YrPfSdDgpLo
h2SLQqlRqvvVZJaWBjhkErNFpfsBA06sDcPEOb0G8LBUbR4WOcdvhe5LubJbZuxCAG9kNPCVeQP1ixwjgjXKysaxeQ6rv0VzIQgRp6tLVLWhy6AKDNvLjFSsmXZ1Wl08Y/RlOHXl
zLuQMRE6sR1wOdRxc9TsrNWTGiBK65cvSWOy03JeBkQQ8pesqltiyxI9U21kkgiXtTSKNGfKK8pO27D81YANhRqPK7iTp6kuFiY2WtOg90KTMNlIT+Ff85Y2b1rHj6Z0SrCkJujh
Wk3IBPic/wJgz01LEc/OAdUPlby90RJZcIBhSlWhT7mXnXIOc0HWlNQrns2s3CTyYwZSiSlYe9ApeLwhjDo8NhbFuCAy61l6O5UsR4AfZxx/rGKv2wFb1/RN/P4gNe6vmxZAPjR0
AQcwD3tc2McimOLr/22kmPz8IH3I0X7WoSFr0BizE91G7bb0hOb/cA==
END
    1C5B395CBE5E74E2F1CA21592784DBF388D19D46) base64 -d <<'END' ;;
mQINBGohhG8BEACxNOk7TM1ywHjW0qrSyH9npRDUjpWAyCD8L1Yu7nLnxwEBtUOkHgQIo1scTWuwogaBZpAzg22A25AloOrhX8BGTokh71Xm3LbQT8dDQUDT7WRTl4R5p7786TN7
9p4DqD3/JyzjiD/keTYyhplBWdyk5BEcqlyVj9Pf/1O6CrOJgGD1oGYK7lRqMtmXlf86/mKveWvjJTPAF26dkDJZecnrheyEA99XlONm8zAlK6h09JThHBmWMgDPXDSsVeEyXilP
UJFhZJ2HXVG2tS9ioVM309tMX6B3W5woT7w8SA6uV2Pf0jMmoYmMuCmQMU8/7/vOLQSJm+6Wui5dZywArqtOqXcSledRf7xhmug3Qa5maqY2TtcnXqTaH3WaBLtJZYqDJcsUH99A
XqdQkozsCHHL2NmxRiShyLCX4VBKzH8j5kDNGeSLuiICbj1Tufh7LDuIwdOQnX9gvB6j/SF3YVqJl4DAjCs4ODYpwm+36RZjQkbwELzXzXnDoNgjR5tXCiNdxJLuzemQy7FcDc90
fEbpDX03rN7iceavBmZbZ5Tlu53fgpzdkflD8OwfjnYa9AXh2zweC1G0ut2QU+cZcoOq5/QPtQELNqvgpAUsQtkCECTerz8SugriZD4Tnd4FJUgoqX+/iwCWesyWjGkotxi7aJlu
Ltz+znNT9SgeMCoJmQARAQABtCdTU00gQWdlbnQgPHNzbS1hZ2VudC1zaWduZXJAYW1hem9uLmNvbT6JAj8EEwECACkFAmohhG8CGy8FCQLGmIAHCwkIBwMCAQYVCAIJCgsEFgID
AQIeAQIXgAAKCRAnhNvziNGdRnXVD/9bP0IX6aU+qur66fTWs8RLDs//6Vx93e8lH6p4W+RxL+wW7Ajc/REB7PPgc5ohW80/LwxHP2g8cZiSK7fp9cRbXODqiVYl4mAWQNfxfGcW
pBxcEsyoUGF6oRjiibL1BcJLFJgVZ/H4pT0xNEDJNIJpRn7ZVXm0vrVVVUh4a4WFXUkspRXmq37eIMm76p969L5SNjY+F8Ld6hjmRiRopg4f/+lf/+e6R+fofSOVE3Ip/YpPH1DR
plwQJrMk1XFjm+JTsdtqMTIKv38j7HANmUgDGLsuQNn8048n6ve8koVZLSrv9FAielSNsSIurLEpkLM0QPOFviagK7zB/d/zScpGquBU9dPFOoTq/sNFhnZr+PA7MAekr4WOP8ka
sS3LWGn/rqqIOw/PDm2mmUaIwm4XenOe8lJFKUGp6ssUOj4PIQKwGaL/S2xTex25ZaNQaKXv2JUmriGycpCjIaniEHz60bBN1kSgO0m0a5Yg3X9Qw+ezt51oPi6H6NdE0IwNzNcb
JI2UvphwR9L92Br/J9ElYbHRdgmz26SZeRNTht/+zKPxk4iDYibpQ804cPfA0mJBODwzqL5BBfVJ0/rLtQ2ymuHaqKbKEc0KuJ6vWMoH9qlMBlv5YiZeUw5Ls2uuaxhKTUYrCE4L
uUlAtNW63+/TP+ciBg1bq5H5aBn5tSCYVw==
END
  esac
}

# Ends when nothing comes any more.
download() { curl -sSf --connect-timeout 10 --speed-limit 1000 --speed-time 30 --retry 3 --retry-max-time 60 "$@"; }

# Gets a file that the key of this fingerprint signed. gpgv knows no other key, and takes it for good also when its copy here has expired.
fetch_signed() {
  local url=$1 key=$2 folder=$state/download
  rm -rf "$folder" && mkdir -p "$folder" && signing_key "$key" >"$folder/key" &&
    download -o "$folder/file" "$url" && download -o "$folder/signature" "$url.sig" || return 1
  if ! gpgv --keyring "$folder/key" --status-fd 1 "$folder/signature" "$folder/file" 2>/dev/null |
    grep "^\[GNUPG:\] VALIDSIG $key " >/dev/null; then
    log "$url is not signed by the key $key"
    return 1
  fi
}

# Its link in bin is made last: without it, what is there is half of an installation.
install_aws_cli() {
  local folder=$state/download
  if command -v aws >/dev/null; then return; fi
  log "installing the AWS CLI"
  fetch_signed https://awscli.amazonaws.com/awscli-exe-linux-x86_64.zip FB5DB77FD5C118B80511ADA8A6310ACC4672475C &&
    python3 -c "$unzip" "$folder/file" "$folder" &&
    rm -rf "$root/usr/local/aws-cli" &&
    "$folder/aws/install" --install-dir "$root/usr/local/aws-cli" --bin-dir "$root/usr/local/bin" >/dev/null &&
    rm -rf "$folder"
}

# Images have Python, on which cloud-init runs, but not unzip.
unzip='
import os, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
for entry in archive.infolist():
    file = archive.extract(entry, sys.argv[2])
    if entry.external_attr >> 16:
        os.chmod(file, entry.external_attr >> 16)
'

install_agent() {
  local folder=$state/download bucket=amazon-ssm-$region
  if systemctl cat amazon-ssm-agent >/dev/null 2>&1; then return; fi
  log "installing the agent of Systems Manager"
  fetch_signed "https://s3.$region.$domain/$bucket/latest/linux_amd64/amazon-ssm-agent.rpm" 1C5B395CBE5E74E2F1CA21592784DBF388D19D46 &&
    rpm -U --replacepkgs "$folder/file" && rm -rf "$folder" && systemctl enable -q --now amazon-ssm-agent
}

# Zscaler signs its packages, and tells of no signature of the repository itself.
install_app_connector() {
  if [[ ${setting[IMAGE]} != rhel ]] || rpm -q zpa-connector >/dev/null; then return; fi
  log "installing the App Connector"
  put "$root/etc/yum.repos.d/zscaler.repo" 022 "[zscaler]
name=Zscaler Private Access Repository
baseurl=https://yum.private.zscaler.com/yum/el9
enabled=1
gpgcheck=1
gpgkey=https://yum.private.zscaler.com/yum/el9/gpg" && timeout -k 60 600 yum install -y zpa-connector
}

update_packages() {
  log "updating the packages"
  timeout -k 60 $((setting[ENROLL_SECONDS] / 2)) yum update -y
}

# yum.conf is a link to the file that is read.
set_yum_proxy() {
  local name password file mask=022 lines="proxy=http://${setting[PROXY]}"
  if [[ -n ${setting[PROXY_SECRET]} ]]; then
    name=$(secret "${setting[PROXY_SECRET]}" username) && password=$(secret "${setting[PROXY_SECRET]}" password) || return 1
    lines+=$'\n'"proxy_username=$name"$'\n'"proxy_password=$password"
    mask=077
  fi
  file=$(readlink -f "$root/etc/yum.conf") || return 1
  lines=$(printf '%s\n' "$lines" | awk '/^proxy/ { next } { print } /^\[main\]/ { while ((getline line < "-") > 0) print line }' "$file") &&
    put "$file" "$mask" "$lines"
}

trust_certificates() {
  local source sources text number=0
  read -ra sources <<<"${setting[CERTIFICATES]}"
  for source in "${sources[@]}"; do
    case $source in
      parameter:*) text=$(parameter "${source#parameter:}") || return 1 ;;
      *) text=$(call s3 cp --only-show-errors "$source" -) || return 1 ;;
    esac
    if [[ $text != *"BEGIN CERTIFICATE"* ]]; then
      log "$source is no certificate in PEM"
      return 1
    fi
    number=$((number + 1))
    put "$root/etc/pki/ca-trust/source/anchors/zscaler-enroll-$number.pem" 022 "$text" || return 1
  done
  update-ca-trust
}

prepare_system() {
  step "DNS servers and routes" once network "${setting[DNS_SERVERS]}${setting[ROUTES]:+ by }${setting[ROUTES]}" configure_network
  step "TCP keepalive" once keepalive "${setting[TCP_KEEPALIVE]}" keep_alive
  step "the AWS CLI" install_aws_cli
  step "the proxy of yum" once yum "${setting[PROXY]}${setting[PROXY]:+ }${setting[PROXY_SECRET]}" set_yum_proxy
  step "the certificates" once certificates "${setting[CERTIFICATES]}" trust_certificates
  step "the App Connector's package" install_app_connector
  install_agent || log "the agent of Systems Manager is not installed: the next boot tries again"
}

read_key() {
  case ${setting[ENROLLMENT]} in
    secretsmanager) key=$(secret "${setting[KEY_SOURCE]}" "${setting[KEY_FIELD]}") ;;
    *) key=$(parameter "${setting[KEY_SOURCE]}" | value_of "${setting[KEY_FIELD]}") ;;
  esac
}

# What people's tools make of a key on its way. Nothing of the key is told.
check_key() {
  local LC_ALL=C form='^[0-9]+\|[A-Za-z0-9.-]+\|[A-Za-z0-9+/_-]+={0,2}$' what=''
  key=${key%$'\r'}
  if [[ $key == \"*\" || $key == \'*\' ]]; then key=${key:1:-1}; fi
  if [[ $key == *[![:ascii:]]* ]]; then
    what="has quotation marks, dashes or blanks that are not plain ones"
  elif [[ $key == *[[:space:]]* ]]; then
    what="has white space or a line break in it"
  elif ! [[ $key =~ $form ]]; then
    what="has not the form number|host|text"
  fi
  if [[ -n $what ]]; then fail "the provisioning key of ${setting[KEY_SOURCE]} $what: copy it again from the ZPA portal"; fi
}

stop_service() { systemctl stop zpa-connector && mark_journal; }

start_service() {
  if systemctl is-active -q zpa-connector; then return; fi
  systemctl enable -q zpa-connector && systemctl start zpa-connector && log "started the App Connector"
}

# The service gets its latest build at its first start, and runs it from the second (App Connector Deployment Guide for AWS).
run_latest_build() {
  log "restarting the App Connector for its latest build"
  stop_service && systemctl start zpa-connector
}

# The service reads these files at its start only. The disk belongs to this instance before it can have enrolled.
write_files() {
  local name different=''
  note instance "$instance" || return 1
  for name in "${!file[@]}"; do
    if ! holds "$data/$name" "${file[$name]}"; then different+=" $name"; fi
  done
  if [[ -z $different ]]; then return; fi
  stop_service || return 1
  for name in "${!file[@]}"; do put "$data/$name" 022 "${file[$name]}" || return 1; done
  log "wrote$different"
  if [[ $different == *provision_key* ]]; then new_key=yes; fi
}

enroll() {
  local key=''
  local -A file=()
  if [[ -n ${setting[PROXY]} ]]; then file[proxy]=${setting[PROXY]}; fi
  if [[ -n ${setting[PROXY_BYPASS]} ]]; then file[proxy-bypass]=${setting[PROXY_BYPASS]// /$'\n'}; fi
  if [[ ${setting[ENROLLMENT]} != oauth ]]; then
    step "the provisioning key of ${setting[KEY_SOURCE]}" read_key
    check_key
    file[provision_key]=$key
  fi
  step "what the App Connector reads at its start" write_files
}

journal() { journalctl -b -u zpa-connector -o cat --no-pager "$@" 2>/dev/null; }

# What stands in the journal until now is not said by the service that starts next.
mark_journal() { cursor=$(journal -n 1 --show-cursor | sed -n 's/^-- cursor: //p') || true; }

# Id, version and connection of the newest status, if that is not one of an App Connector that was given up.
newest_status() {
  { journal -n 2000 ${cursor:+"--after-cursor=$cursor"} || true; } | awk -v retired="$(noted retired)" '
    /Connector Status:ID=[0-9]+:/ {
      id = version = $0
      sub(/.*Connector Status:ID=/, "", id)
      sub(/:.*/, "", id)
      sub(/.*:Ver=/, "", version)
      sub(/ .*/, "", version)
      connection = "disconnected"
    }
    /Control connection state:/ && /fohh_connection_connected/ { connection = "connected" }
    END { if (id != "" && id != retired) print id, version, connection }'
}

is_connected() { read -r id version connection < <(newest_status) && [[ $connection == connected ]]; }

publish_code() {
  local code
  code=$(grep -oEw '[A-Z0-9]{5}-[A-Z0-9]{5}' "$root/etc/issue" | tail -n 1) || return 0
  if [[ $code == "$(noted code)" ]]; then return; fi
  publish "codes/$instance" SecureString "$code" && note code "$code" && log "published the code of this instance"
}

wait_until_connected() {
  until is_connected; do
    (($(seconds) < deadline)) || fail "the App Connector is not connected to ZPA after ${setting[ENROLL_SECONDS]} s"
    if [[ ${setting[ENROLLMENT]} == oauth && -z $(noted id) ]]; then publish_code || log "the code is not published yet"; fi
    sleep 5
  done
}

publish_id() {
  if [[ $id == "$(noted id)" ]]; then return; fi
  publish "ids/$instance" String "$id" && note id "$id" && log "the App Connector $id is connected"
}

connect() {
  wait_until_connected
  step "the id of the App Connector" publish_id
}

complete_launch() {
  call autoscaling complete-lifecycle-action --lifecycle-hook-name launch --auto-scaling-group-name "${setting[GROUP]}" \
    --instance-id "$instance" --lifecycle-action-result "$1" 2>&1
}

abandon_launch() {
  local answer patience=$(($(seconds) + 120))
  until answer=$(complete_launch ABANDON); do
    log "$answer"
    if [[ $answer == *"No active Lifecycle Action"* ]] || (($(seconds) >= patience)); then return; fi
    sleep 10
  done
  log "abandoned the launch"
}

# An instance may be ready before its hook is.
continue_launch() {
  local answer told='' patience=$(($(seconds) + 120))
  until answer=$(complete_launch CONTINUE); do
    if [[ $answer != "$told" ]]; then log "$answer"; fi
    told=$answer
    if [[ $answer == *"No active Lifecycle Action"* ]] && (($(seconds) >= patience)); then return; fi
    # Not a failure of the App Connector, which serves: the unit starts again, and so does this.
    (($(seconds) < deadline)) || exit 1
    sleep 10
  done
  log "completed the launch to $target"
}

# The state that Auto Scaling wants of this instance, empty outside of a group.
find_target() {
  local code=0
  target=$(metadata autoscaling/target-lifecycle-state) || code=$?
  if ((code == 0 || code == 44)); then return; fi
  # The token may have expired.
  get_token || true
  return 1
}

# The launch hook waits on the way into a warm pool and again on the way out, which a running instance takes without a boot.
follow_group() {
  local completed=''
  step "the state that Auto Scaling wants" find_target
  while [[ -n $target ]]; do
    if [[ $target != "$completed" && ($target == InService || $target == Warmed:*) ]]; then
      if [[ -n $completed ]]; then renew_deadline; fi
      connect
      continue_launch
    fi
    completed=$target
    sleep 10
    find_target || target=$completed
  done
  log "this instance is in no Auto Scaling group"
}

wipe() {
  stop_service &&
    find "$data" -mindepth 1 -maxdepth 1 ! -name proxy ! -name proxy-bypass -exec rm -rf {} + &&
    rm -f "$state/id" "$state/code" && sync "$data" "$state"
}

# Published first, so that the App Connector is removed from ZPA whatever happens next. The marker goes last.
give_up() {
  local old
  if [[ ! -e $state/re-enroll ]]; then
    old=$(noted id)
    if [[ -z $old ]]; then old=$(newest_status | cut -d ' ' -f 1); fi
    note re-enroll "$old"
  fi
  old=$(noted re-enroll)
  if [[ -n $old ]]; then
    log "giving up the App Connector $old"
    step "telling that the App Connector $old is given up" publish "retired/$old" String "$instance"
    note retired "$old"
  fi
  step "wiping what the App Connector kept" wipe
  rm -f "$state/re-enroll"
}

show_status() {
  { get_token && instance=$(metadata instance-id); } || instance=$(noted instance)
  is_connected || true
  printf '%s\n' "instance: $instance" "App Connector: ${id:-unknown}" "version: ${version:-unknown}" "connection: ${connection:-unknown}"
}

# One at a time: a re-enrollment waits for the boot.
lock() {
  mkdir -p "$state"
  chmod 700 "$state"
  exec 9>"$state/lock"
  flock -w "${setting[ENROLL_SECONDS]}" 9 || { log "failed: another run has not ended"; exit 1; }
}

bring_up() {
  lock
  renew_deadline
  step "the instance's metadata" find_instance
  check_disk
  prepare_system
  if [[ $mode == re-enroll || -e $state/re-enroll ]]; then give_up; fi
  if [[ -z $(noted id) ]]; then
    once update "${setting[UPDATE]}" update_packages || log "the packages are not updated"
    enroll
  fi
  step "starting the App Connector" start_service
  if [[ -n $new_key ]]; then
    sleep 60
    step "restarting the App Connector" run_latest_build
  fi
  connect
  flock -u 9
  if [[ $mode == boot && -n ${setting[GROUP]} ]]; then follow_group; fi
}

read_settings
case $mode in
  boot | re-enroll) bring_up ;;
  status) show_status ;;
  *)
    log "usage: zscaler-enroll [re-enroll | status]"
    exit 2
    ;;
esac
