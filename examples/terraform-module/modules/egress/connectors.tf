data "aws_secretsmanager_secret" "connectors" {
  name = startswith(var.connectors_secret, "arn:") ? null : var.connectors_secret
  arn  = startswith(var.connectors_secret, "arn:") ? var.connectors_secret : null
}

data "aws_service_principal" "connectors_role" {
  service_name = "ec2"
}

resource "aws_iam_role" "connectors_role" {
  name_prefix = "${var.name}-connectors-"
  assume_role_policy = jsonencode({
    Statement = [
      {
        Action = "sts:AssumeRole"
        Effect = "Allow"
        Principal = {
          Service = data.aws_service_principal.connectors_role.name
        }
      },
    ]
    Version = "2012-10-17"
  })
  description = "Zscaler Cloud Connectors"
  path        = var.iam_path

  tags = local.tags
}

resource "aws_iam_role_policy" "connectors_role_secret" {
  name = "secret"
  policy = jsonencode({
    Statement = [
      {
        Action   = "secretsmanager:GetSecretValue"
        Effect   = "Allow"
        Resource = data.aws_secretsmanager_secret.connectors.arn
      },
    ]
    Version = "2012-10-17"
  })
  role = aws_iam_role.connectors_role.id
}

resource "aws_iam_role_policy" "connectors_role_session_manager" {
  name = "session_manager"
  policy = jsonencode({
    Statement = [
      {
        Action = [
          "ssm:UpdateInstanceInformation",
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ]
        Effect   = "Allow"
        Resource = "*"
      },
    ]
    Version = "2012-10-17"
  })
  role = aws_iam_role.connectors_role.id
}

resource "aws_iam_role_policy" "connectors_role_metrics" {
  name = "metrics"
  policy = jsonencode({
    Statement = [
      {
        Action = "cloudwatch:PutMetricData"
        Condition = {
          StringEquals = {
            "cloudwatch:namespace" = "Zscaler/CloudConnectors"
          }
        }
        Effect   = "Allow"
        Resource = "*"
      },
      {
        Action   = ["cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics", "ec2:DescribeTags"]
        Effect   = "Allow"
        Resource = "*"
      },
    ]
    Version = "2012-10-17"
  })
  role = aws_iam_role.connectors_role.id
}

resource "aws_iam_instance_profile" "connectors_role" {
  name_prefix = "${var.name}-connectors-"
  path        = var.iam_path
  role        = aws_iam_role.connectors_role.name

  tags = local.tags
}

resource "aws_security_group" "connectors_service" {
  name        = "${var.name}-connector-service"
  vpc_id      = aws_vpc.network.id
  description = "Service interfaces of the Cloud Connectors"

  tags = merge(local.tags, { Name = "${var.name}-connector-service" })
}

resource "aws_vpc_security_group_ingress_rule" "connectors_service_health_probe_from_vpc" {
  security_group_id = aws_security_group.connectors_service.id
  cidr_ipv4         = var.vpc_cidr
  description       = "Health probes from vpc"
  from_port         = var.connectors_health_probe_port
  ip_protocol       = "tcp"
  to_port           = var.connectors_health_probe_port

  tags = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "connectors_service_https_from_vpc" {
  security_group_id = aws_security_group.connectors_service.id
  cidr_ipv4         = var.vpc_cidr
  description       = "HTTPS from vpc"
  from_port         = 443
  ip_protocol       = "tcp"
  to_port           = 443

  tags = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "connectors_service_all_from_vpc" {
  security_group_id = aws_security_group.connectors_service.id
  cidr_ipv4         = var.vpc_cidr
  description       = "Workload traffic from vpc"
  ip_protocol       = "-1"

  tags = local.tags
}

resource "aws_vpc_security_group_egress_rule" "connectors_service_https_out" {
  security_group_id = aws_security_group.connectors_service.id
  cidr_ipv4         = "0.0.0.0/0"
  description       = "HTTPS to the Zscaler cloud and AWS"
  from_port         = 443
  ip_protocol       = "tcp"
  to_port           = 443

  tags = local.tags
}

resource "aws_vpc_security_group_egress_rule" "connectors_service_ntp_out" {
  security_group_id = aws_security_group.connectors_service.id
  cidr_ipv4         = "0.0.0.0/0"
  description       = "Time"
  from_port         = 123
  ip_protocol       = "udp"
  to_port           = 123

  tags = local.tags
}

resource "aws_vpc_security_group_egress_rule" "connectors_service_dns_udp_out" {
  security_group_id = aws_security_group.connectors_service.id
  cidr_ipv4         = "0.0.0.0/0"
  description       = "DNS"
  from_port         = 53
  ip_protocol       = "udp"
  to_port           = 53

  tags = local.tags
}

resource "aws_vpc_security_group_egress_rule" "connectors_service_dns_tcp_out" {
  security_group_id = aws_security_group.connectors_service.id
  cidr_ipv4         = "0.0.0.0/0"
  description       = "DNS answers too large for UDP"
  from_port         = 53
  ip_protocol       = "tcp"
  to_port           = 53

  tags = local.tags
}

resource "aws_vpc_security_group_egress_rule" "connectors_service_quic_out" {
  security_group_id = aws_security_group.connectors_service.id
  cidr_ipv4         = "0.0.0.0/0"
  description       = "DTLS tunnels to the Zscaler cloud"
  from_port         = 443
  ip_protocol       = "udp"
  to_port           = 443

  tags = local.tags
}

resource "aws_vpc_security_group_egress_rule" "connectors_service_all_out" {
  security_group_id = aws_security_group.connectors_service.id
  cidr_ipv4         = "0.0.0.0/0"
  description       = "Traffic that policy sends out directly"
  ip_protocol       = "-1"

  tags = local.tags
}

resource "aws_security_group" "connectors_management" {
  name        = "${var.name}-connector-management"
  vpc_id      = aws_vpc.network.id
  description = "Management interfaces of the Cloud Connectors"

  tags = merge(local.tags, { Name = "${var.name}-connector-management" })
}

resource "aws_vpc_security_group_egress_rule" "connectors_management_https_out" {
  security_group_id = aws_security_group.connectors_management.id
  cidr_ipv4         = "0.0.0.0/0"
  description       = "HTTPS to the Zscaler cloud and AWS"
  from_port         = 443
  ip_protocol       = "tcp"
  to_port           = 443

  tags = local.tags
}

resource "aws_vpc_security_group_egress_rule" "connectors_management_ntp_out" {
  security_group_id = aws_security_group.connectors_management.id
  cidr_ipv4         = "0.0.0.0/0"
  description       = "Time"
  from_port         = 123
  ip_protocol       = "udp"
  to_port           = 123

  tags = local.tags
}

resource "aws_vpc_security_group_egress_rule" "connectors_management_dns_udp_out" {
  security_group_id = aws_security_group.connectors_management.id
  cidr_ipv4         = "0.0.0.0/0"
  description       = "DNS"
  from_port         = 53
  ip_protocol       = "udp"
  to_port           = 53

  tags = local.tags
}

resource "aws_vpc_security_group_egress_rule" "connectors_management_dns_tcp_out" {
  security_group_id = aws_security_group.connectors_management.id
  cidr_ipv4         = "0.0.0.0/0"
  description       = "DNS answers too large for UDP"
  from_port         = 53
  ip_protocol       = "tcp"
  to_port           = 53

  tags = local.tags
}

resource "aws_vpc_security_group_egress_rule" "connectors_management_packages_out" {
  security_group_id = aws_security_group.connectors_management.id
  cidr_ipv4         = "167.103.95.222/32"
  description       = "Zscaler package repository"
  from_port         = 0
  ip_protocol       = "tcp"
  to_port           = 65535

  tags = local.tags
}

data "aws_ami" "connectors" {
  most_recent = true
  owners      = ["aws-marketplace"]

  filter {
    name = "product-code"
    values = [
      (data.aws_partition.partition.partition == "aws-cn") ? "axnpwhsb4facossmbm1h9yad6" : "2l8tfysndbav4tv2nfjwak3cu",
    ]
  }
}

# Forwards other hosts' packets, so it must not check that it is their source or destination.
resource "aws_network_interface" "connectors_a_1_service" {
  subnet_id         = aws_subnet.network_a_connector.id
  description       = "service interface of ${var.name}-connector-a-1"
  security_groups   = [aws_security_group.connectors_service.id]
  source_dest_check = false

  tags = merge(local.tags, { Name = "${var.name}-connector-a-1-service" })
}

resource "aws_network_interface" "connectors_a_1_management" {
  subnet_id         = aws_subnet.network_a_connector.id
  description       = "management interface of ${var.name}-connector-a-1"
  security_groups   = [aws_security_group.connectors_management.id]
  source_dest_check = true

  tags = merge(local.tags, { Name = "${var.name}-connector-a-1-management" })
}

# A connector reads its user data once. Upgrade by replacing it on purpose, one connector at a time:
# terraform apply -replace=<address>.
resource "aws_instance" "connectors_a_1" {
  ami                  = data.aws_ami.connectors.id
  ebs_optimized        = true
  iam_instance_profile = aws_iam_instance_profile.connectors_role.name
  instance_type        = "m6i.large"
  user_data            = <<-EOT
    [ZSCALER]
    CC_URL=${var.connectors_provisioning_url}
    SECRET_NAME=${data.aws_secretsmanager_secret.connectors.name}
    HTTP_PROBE_PORT=${var.connectors_health_probe_port}
  EOT

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  network_interface {
    network_interface_id = aws_network_interface.connectors_a_1_service.id
    device_index         = 0
  }

  network_interface {
    network_interface_id = aws_network_interface.connectors_a_1_management.id
    device_index         = 1
  }

  private_dns_name_options {
    enable_resource_name_dns_a_record = false
    hostname_type                     = "resource-name"
  }

  root_block_device {
    delete_on_termination = true
    encrypted             = true
    volume_type           = var.connectors_disk_type

    tags = {
      Name = "${var.name}-connector-a-1"
    }
  }

  tags = merge(local.tags, { Name = "${var.name}-connector-a-1" })

  lifecycle {
    ignore_changes = [ami, key_name, private_dns_name_options, user_data]
  }

  depends_on = [
    aws_iam_role_policy.connectors_role_secret,
    aws_iam_role_policy.connectors_role_session_manager,
    aws_iam_role_policy.connectors_role_metrics,
    aws_vpc_security_group_ingress_rule.connectors_service_health_probe_from_vpc,
    aws_vpc_security_group_ingress_rule.connectors_service_https_from_vpc,
    aws_vpc_security_group_ingress_rule.connectors_service_all_from_vpc,
    aws_vpc_security_group_egress_rule.connectors_service_https_out,
    aws_vpc_security_group_egress_rule.connectors_service_ntp_out,
    aws_vpc_security_group_egress_rule.connectors_service_dns_udp_out,
    aws_vpc_security_group_egress_rule.connectors_service_dns_tcp_out,
    aws_vpc_security_group_egress_rule.connectors_service_quic_out,
    aws_vpc_security_group_egress_rule.connectors_service_all_out,
    aws_vpc_security_group_egress_rule.connectors_management_https_out,
    aws_vpc_security_group_egress_rule.connectors_management_ntp_out,
    aws_vpc_security_group_egress_rule.connectors_management_dns_udp_out,
    aws_vpc_security_group_egress_rule.connectors_management_dns_tcp_out,
    aws_vpc_security_group_egress_rule.connectors_management_packages_out,
    aws_route_table_association.network_a_connector,
    aws_route.network_a_connector_default,
  ]
}

# Forwards other hosts' packets, so it must not check that it is their source or destination.
resource "aws_network_interface" "connectors_b_1_service" {
  subnet_id         = aws_subnet.network_b_connector.id
  description       = "service interface of ${var.name}-connector-b-1"
  security_groups   = [aws_security_group.connectors_service.id]
  source_dest_check = false

  tags = merge(local.tags, { Name = "${var.name}-connector-b-1-service" })
}

resource "aws_network_interface" "connectors_b_1_management" {
  subnet_id         = aws_subnet.network_b_connector.id
  description       = "management interface of ${var.name}-connector-b-1"
  security_groups   = [aws_security_group.connectors_management.id]
  source_dest_check = true

  tags = merge(local.tags, { Name = "${var.name}-connector-b-1-management" })
}

# A connector reads its user data once. Upgrade by replacing it on purpose, one connector at a time:
# terraform apply -replace=<address>.
resource "aws_instance" "connectors_b_1" {
  ami                  = data.aws_ami.connectors.id
  ebs_optimized        = true
  iam_instance_profile = aws_iam_instance_profile.connectors_role.name
  instance_type        = "m6i.large"
  user_data            = <<-EOT
    [ZSCALER]
    CC_URL=${var.connectors_provisioning_url}
    SECRET_NAME=${data.aws_secretsmanager_secret.connectors.name}
    HTTP_PROBE_PORT=${var.connectors_health_probe_port}
  EOT

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  network_interface {
    network_interface_id = aws_network_interface.connectors_b_1_service.id
    device_index         = 0
  }

  network_interface {
    network_interface_id = aws_network_interface.connectors_b_1_management.id
    device_index         = 1
  }

  private_dns_name_options {
    enable_resource_name_dns_a_record = false
    hostname_type                     = "resource-name"
  }

  root_block_device {
    delete_on_termination = true
    encrypted             = true
    volume_type           = var.connectors_disk_type

    tags = {
      Name = "${var.name}-connector-b-1"
    }
  }

  tags = merge(local.tags, { Name = "${var.name}-connector-b-1" })

  lifecycle {
    ignore_changes = [ami, key_name, private_dns_name_options, user_data]
  }

  depends_on = [
    aws_iam_role_policy.connectors_role_secret,
    aws_iam_role_policy.connectors_role_session_manager,
    aws_iam_role_policy.connectors_role_metrics,
    aws_vpc_security_group_ingress_rule.connectors_service_health_probe_from_vpc,
    aws_vpc_security_group_ingress_rule.connectors_service_https_from_vpc,
    aws_vpc_security_group_ingress_rule.connectors_service_all_from_vpc,
    aws_vpc_security_group_egress_rule.connectors_service_https_out,
    aws_vpc_security_group_egress_rule.connectors_service_ntp_out,
    aws_vpc_security_group_egress_rule.connectors_service_dns_udp_out,
    aws_vpc_security_group_egress_rule.connectors_service_dns_tcp_out,
    aws_vpc_security_group_egress_rule.connectors_service_quic_out,
    aws_vpc_security_group_egress_rule.connectors_service_all_out,
    aws_vpc_security_group_egress_rule.connectors_management_https_out,
    aws_vpc_security_group_egress_rule.connectors_management_ntp_out,
    aws_vpc_security_group_egress_rule.connectors_management_dns_udp_out,
    aws_vpc_security_group_egress_rule.connectors_management_dns_tcp_out,
    aws_vpc_security_group_egress_rule.connectors_management_packages_out,
    aws_route_table_association.network_b_connector,
    aws_route.network_b_connector_default,
  ]
}
