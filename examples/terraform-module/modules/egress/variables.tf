variable "name" {
  type        = string
  description = "First words of every AWS name."
  default     = "egress"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", var.name)) && !can(regex("^sg(-|$)", var.name))
    error_message = "Use lower-case letters, digits and hyphens, a letter first and no hyphen last, and do not begin with sg."
  }

  validation {
    condition     = length(var.name) <= 26
    error_message = "Use 26 characters at the most: AWS limits the IAM names that begin with it."
  }
}

variable "vpc_cidr" {
  type        = string
  description = "Range of the VPC: a /16, in which the module has planned its subnets."
  default     = "10.1.0.0/16"
  nullable    = false

  validation {
    condition     = endswith(var.vpc_cidr, "/16")
    error_message = "The subnets were planned in a /16: give a range of that length, or generate the module anew."
  }

  validation {
    condition     = try(cidrsubnet(var.vpc_cidr, 0, 0) == var.vpc_cidr, false) && !strcontains(var.vpc_cidr, ":")
    error_message = "This is no IPv4 range at its network address, such as 10.1.0.0/16."
  }
}

variable "region" {
  type        = string
  description = "AWS region."
  default     = "us-west-2"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-\\d$", var.region))
    error_message = "This is no AWS region: write it as AWS does, such as us-west-2."
  }
}

variable "iam_path" {
  type        = string
  description = "IAM path of every role and instance profile."
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/([!-~]{1,510}/)?$", var.iam_path))
    error_message = "This is no IAM path: a path begins and ends with a slash, such as /network/."
  }
}

variable "tags" {
  type        = map(string)
  description = "Tags of everything, besides ManagedBy, Vendor and the cluster tag that Zscaler's templates set."
  default = {
    Owner = "netsec"
  }
  nullable = false
}

variable "connectors_provisioning_url" {
  type        = string
  description = "Provisioning URL from the Zscaler portal, without a scheme."
  default     = "connector.zscaler.net/api/v1/provUrl?name=aws-prod"
  nullable    = false

  validation {
    condition     = can(regex("^connector\\.[a-z0-9-]+(\\.[a-z0-9-]+)+/api/v1/provUrl\\?name=[^\\s&?]+$", var.connectors_provisioning_url))
    error_message = "This is no provisioning URL: copy it from the provisioning template in the portal: connector.<cloud>/api/v1/provUrl?name=<template>."
  }
}

variable "connectors_secret" {
  type        = string
  description = "Name or ARN of the Secrets Manager secret with the keys `api_key`, `username` and `password`. It must exist."
  default     = "ZS/CC/credentials"
  nullable    = false

  validation {
    condition     = can(regex("^([\\w/+=.@-]{1,512}|arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:[\\w/+=.@-]+)$", var.connectors_secret))
    error_message = "This is no secret of Secrets Manager: give one such as ZS/CC/credentials or the secret's ARN."
  }
}

variable "connectors_disk_type" {
  type        = string
  description = "Volume type of the root disk."
  default     = "gp3"
  nullable    = false

  validation {
    condition     = contains(["gp3", "gp2"], var.connectors_disk_type)
    error_message = "This is none of gp3, gp2."
  }
}

variable "connectors_health_probe_port" {
  type        = number
  description = "Port on which connectors answer health probes: 80, or 1024 to 65535."
  default     = 50000
  nullable    = false

  validation {
    condition     = var.connectors_health_probe_port == 80 || (var.connectors_health_probe_port >= 1024 && var.connectors_health_probe_port <= 65535)
    error_message = "This is no port for health probes: use 80, or 1024 to 65535."
  }

  validation {
    condition     = floor(var.connectors_health_probe_port) == var.connectors_health_probe_port
    error_message = "This is no whole number."
  }
}

variable "failover_runtime" {
  type        = string
  description = "Lambda runtime of the function."
  default     = "nodejs22.x"
  nullable    = false

  validation {
    condition     = contains(["nodejs22.x", "nodejs20.x"], var.failover_runtime)
    error_message = "This is none of nodejs22.x, nodejs20.x."
  }
}

variable "failover_architecture" {
  type        = string
  description = "Processor of the function. Where a region lacks arm64, use x86_64."
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.failover_architecture)
    error_message = "This is none of arm64, x86_64."
  }
}

variable "failover_memory" {
  type        = number
  description = "Memory of the function in MB; its processor's share grows with it."
  default     = 256
  nullable    = false

  validation {
    condition     = floor(var.failover_memory) == var.failover_memory
    error_message = "This is no whole number."
  }

  validation {
    condition     = var.failover_memory >= 128
    error_message = "This is less than 128."
  }

  validation {
    condition     = var.failover_memory <= 10240
    error_message = "This is more than 10240."
  }
}

variable "failover_log_retention_days" {
  type        = number
  description = "Days for which CloudWatch keeps the function's log."
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.failover_log_retention_days)
    error_message = "This is none of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}
