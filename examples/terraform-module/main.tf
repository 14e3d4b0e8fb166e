terraform {
  required_version = ">= 1.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

locals {
  region = "us-west-2"
}

provider "aws" {
  region = local.region
}

module "egress" {
  source = "./modules/egress"

  name                        = "egress"
  vpc_cidr                    = "10.1.0.0/16"
  region                      = local.region
  tags                        = { Owner = "netsec" }
  connectors_provisioning_url = "connector.zscaler.net/api/v1/provUrl?name=aws-prod"
  connectors_secret           = "ZS/CC/credentials"
}

output "workload_subnet_ids" {
  description = "Subnets for workloads, by zone"
  value       = module.egress.workload_subnet_ids
}

output "nat_gateway_addresses" {
  description = "Public addresses that Zscaler sees, by zone"
  value       = module.egress.nat_gateway_addresses
}
