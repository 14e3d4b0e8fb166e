since='{{ Since }}'
lines='{{ Lines }}'
logs() {
  journalctl --unit=zpa-connector --unit=zscaler-enroll --since="$since" --lines="$lines" --no-pager
}
if [[ -z $bucket ]]; then
  # Systems Manager shows the first 24,000 characters.
  logs | tail --bytes=20000
else
  object="s3://$bucket/$folder/$AWS_SSM_INSTANCE_ID/$(date --utc +%Y-%m-%dT%H-%M-%SZ).txt.gz"
  logs | gzip | aws s3 cp - "$object" --only-show-errors --region "$AWS_SSM_REGION_NAME"
  echo "$object"
fi
