terraform {
  required_version = ">= 1.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region = "us-west-2"
}

module "egress" {
  source = "../.."

  name     = "egress"
  vpc_cidr = "10.1.0.0/16"
  region   = "us-west-2"
  tags = {
    Owner = "netsec"
  }
  connectors_provisioning_url = "connector.zscaler.net/api/v1/provUrl?name=aws-prod"
  connectors_secret           = "ZS/CC/credentials"
}

# All that the module tells: ids and addresses by zone.
output "egress" {
  value = module.egress
}
