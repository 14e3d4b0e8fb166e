output "zones" {
  description = "Names of the zones, by key"
  value = {
    a = "${var.region}a"
    b = "${var.region}b"
  }
}

output "vpc_id" {
  description = "Id of the VPC"
  value       = aws_vpc.network.id
}

output "vpc_ranges" {
  description = "Ranges of the VPC, by name"
  value = {
    vpc = var.vpc_cidr
  }
}

output "public_subnet_ids" {
  description = "Ids of the public subnets, by zone"
  value = {
    a = aws_subnet.network_a_public.id
    b = aws_subnet.network_b_public.id
  }
}

output "public_route_table_ids" {
  description = "Ids of the public route tables, by zone"
  value = {
    a = aws_route_table.network_public.id
    b = aws_route_table.network_public.id
  }
}

output "connector_subnet_ids" {
  description = "Ids of the connector subnets, by zone"
  value = {
    a = aws_subnet.network_a_connector.id
    b = aws_subnet.network_b_connector.id
  }
}

output "connector_route_table_ids" {
  description = "Ids of the connector route tables, by zone"
  value = {
    a = aws_route_table.network_a_connector.id
    b = aws_route_table.network_b_connector.id
  }
}

output "workload_subnet_ids" {
  description = "Ids of the workload subnets, by zone"
  value = {
    a = aws_subnet.network_a_workload.id
    b = aws_subnet.network_b_workload.id
  }
}

output "workload_route_table_ids" {
  description = "Ids of the workload route tables, by zone"
  value = {
    a = aws_route_table.network_a_workload.id
    b = aws_route_table.network_b_workload.id
  }
}

output "nat_gateway_ids" {
  description = "Ids of the NAT gateways, by zone"
  value = {
    a = aws_nat_gateway.network_a_nat.id
    b = aws_nat_gateway.network_b_nat.id
  }
}

output "nat_gateway_addresses" {
  description = "Public addresses of the NAT gateways, by zone"
  value = {
    a = aws_nat_gateway.network_a_nat.public_ip
    b = aws_nat_gateway.network_b_nat.public_ip
  }
}

output "connectors" {
  description = "The Cloud Connectors, by zone and number"
  value = {
    a-1 = {
      zone                    = "a"
      instance_id             = aws_instance.connectors_a_1.id
      service_interface_id    = aws_network_interface.connectors_a_1_service.id
      service_address         = aws_network_interface.connectors_a_1_service.private_ip
      management_interface_id = aws_network_interface.connectors_a_1_management.id
      management_address      = aws_network_interface.connectors_a_1_management.private_ip
      health_probe_url        = "http://${aws_network_interface.connectors_a_1_service.private_ip}:${var.connectors_health_probe_port}/?cchealth"
    }
    b-1 = {
      zone                    = "b"
      instance_id             = aws_instance.connectors_b_1.id
      service_interface_id    = aws_network_interface.connectors_b_1_service.id
      service_address         = aws_network_interface.connectors_b_1_service.private_ip
      management_interface_id = aws_network_interface.connectors_b_1_management.id
      management_address      = aws_network_interface.connectors_b_1_management.private_ip
      health_probe_url        = "http://${aws_network_interface.connectors_b_1_service.private_ip}:${var.connectors_health_probe_port}/?cchealth"
    }
  }
}

output "service_security_group_id" {
  description = "Id of the security group of the service interfaces"
  value       = aws_security_group.connectors_service.id
}

output "management_security_group_id" {
  description = "Id of the security group of the management interfaces"
  value       = aws_security_group.connectors_management.id
}

output "connector_role_arn" {
  description = "ARN of the role of the connectors"
  value       = aws_iam_role.connectors_role.arn
}

output "failover_function_name" {
  description = "Name of the function that moves routes"
  value       = aws_lambda_function.failover.function_name
}

output "failover_log_group" {
  description = "Log group of the function: a line for each decision"
  value       = aws_cloudwatch_log_group.failover.name
}

output "alarm_topic_arn" {
  description = "ARN of the SNS topic that gets the alarms"
  value       = aws_sns_topic.failover_topic.arn
}
