data "aws_partition" "partition" {}

data "aws_region" "region" {}

data "aws_caller_identity" "caller_identity" {}
