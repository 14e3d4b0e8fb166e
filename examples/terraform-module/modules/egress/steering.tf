# The failover function moves this route while it runs. Terraform only sees to it that the route
# exists.
resource "aws_route" "steering_a_workload" {
  network_interface_id   = aws_network_interface.connectors_a_1_service.id
  route_table_id         = aws_route_table.network_a_workload.id
  destination_cidr_block = "0.0.0.0/0"

  lifecycle {
    ignore_changes = [
      carrier_gateway_id,
      core_network_arn,
      egress_only_gateway_id,
      gateway_id,
      local_gateway_id,
      nat_gateway_id,
      network_interface_id,
      transit_gateway_id,
      vpc_endpoint_id,
      vpc_peering_connection_id,
    ]
  }

  depends_on = [aws_instance.connectors_a_1]
}

# The failover function moves this route while it runs. Terraform only sees to it that the route
# exists.
resource "aws_route" "steering_b_workload" {
  network_interface_id   = aws_network_interface.connectors_b_1_service.id
  route_table_id         = aws_route_table.network_b_workload.id
  destination_cidr_block = "0.0.0.0/0"

  lifecycle {
    ignore_changes = [
      carrier_gateway_id,
      core_network_arn,
      egress_only_gateway_id,
      gateway_id,
      local_gateway_id,
      nat_gateway_id,
      network_interface_id,
      transit_gateway_id,
      vpc_endpoint_id,
      vpc_peering_connection_id,
    ]
  }

  depends_on = [aws_instance.connectors_b_1]
}
