resource "aws_vpc" "network" {
  cidr_block           = var.vpc_cidr
  enable_dns_hostnames = true
  enable_dns_support   = true

  tags = merge(local.tags, { Name = var.name })
}

resource "aws_internet_gateway" "network" {
  vpc_id = aws_vpc.network.id

  tags = merge(local.tags, { Name = var.name })
}

# Takes every rule out of the VPC's default security group, so that what is put into it by mistake
# reaches nothing.
resource "aws_default_security_group" "network" {
  vpc_id  = aws_vpc.network.id
  egress  = []
  ingress = []

  tags = merge(local.tags, { Name = "${var.name}-default-locked" })
}

resource "aws_route_table" "network_public" {
  vpc_id = aws_vpc.network.id

  tags = merge(local.tags, { Name = "${var.name}-public" })
}

resource "aws_route" "network_public_default" {
  gateway_id             = aws_internet_gateway.network.id
  route_table_id         = aws_route_table.network_public.id
  destination_cidr_block = "0.0.0.0/0"
}

resource "aws_subnet" "network_a_public" {
  vpc_id            = aws_vpc.network.id
  availability_zone = "${var.region}a"
  cidr_block        = cidrsubnet(var.vpc_cidr, 6, 8)

  tags = merge(local.tags, { Name = "${var.name}-public-a" })
}

resource "aws_route_table_association" "network_a_public" {
  route_table_id = aws_route_table.network_public.id
  subnet_id      = aws_subnet.network_a_public.id
}

resource "aws_subnet" "network_a_connector" {
  vpc_id            = aws_vpc.network.id
  availability_zone = "${var.region}a"
  cidr_block        = cidrsubnet(var.vpc_cidr, 6, 9)

  tags = merge(local.tags, { Name = "${var.name}-connector-a" })
}

resource "aws_route_table" "network_a_connector" {
  vpc_id = aws_vpc.network.id

  tags = merge(local.tags, { Name = "${var.name}-connector-a" })
}

resource "aws_route_table_association" "network_a_connector" {
  route_table_id = aws_route_table.network_a_connector.id
  subnet_id      = aws_subnet.network_a_connector.id
}

resource "aws_route" "network_a_connector_default" {
  nat_gateway_id         = aws_nat_gateway.network_a_nat.id
  route_table_id         = aws_route_table.network_a_connector.id
  destination_cidr_block = "0.0.0.0/0"
}

resource "aws_subnet" "network_a_workload" {
  vpc_id            = aws_vpc.network.id
  availability_zone = "${var.region}a"
  cidr_block        = cidrsubnet(var.vpc_cidr, 3, 0)

  tags = merge(local.tags, { Name = "${var.name}-workload-a" })
}

resource "aws_route_table" "network_a_workload" {
  vpc_id = aws_vpc.network.id

  tags = merge(local.tags, { Name = "${var.name}-workload-a" })
}

resource "aws_route_table_association" "network_a_workload" {
  route_table_id = aws_route_table.network_a_workload.id
  subnet_id      = aws_subnet.network_a_workload.id
}

resource "aws_eip" "network_a_nat" {
  domain = "vpc"

  tags = merge(local.tags, { Name = "${var.name}-a" })

  depends_on = [aws_internet_gateway.network]
}

resource "aws_nat_gateway" "network_a_nat" {
  allocation_id = aws_eip.network_a_nat.id
  subnet_id     = aws_subnet.network_a_public.id

  tags = merge(local.tags, { Name = "${var.name}-a" })

  depends_on = [aws_internet_gateway.network]
}

resource "aws_subnet" "network_b_public" {
  vpc_id            = aws_vpc.network.id
  availability_zone = "${var.region}b"
  cidr_block        = cidrsubnet(var.vpc_cidr, 6, 24)

  tags = merge(local.tags, { Name = "${var.name}-public-b" })
}

resource "aws_route_table_association" "network_b_public" {
  route_table_id = aws_route_table.network_public.id
  subnet_id      = aws_subnet.network_b_public.id
}

resource "aws_subnet" "network_b_connector" {
  vpc_id            = aws_vpc.network.id
  availability_zone = "${var.region}b"
  cidr_block        = cidrsubnet(var.vpc_cidr, 6, 25)

  tags = merge(local.tags, { Name = "${var.name}-connector-b" })
}

resource "aws_route_table" "network_b_connector" {
  vpc_id = aws_vpc.network.id

  tags = merge(local.tags, { Name = "${var.name}-connector-b" })
}

resource "aws_route_table_association" "network_b_connector" {
  route_table_id = aws_route_table.network_b_connector.id
  subnet_id      = aws_subnet.network_b_connector.id
}

resource "aws_route" "network_b_connector_default" {
  nat_gateway_id         = aws_nat_gateway.network_b_nat.id
  route_table_id         = aws_route_table.network_b_connector.id
  destination_cidr_block = "0.0.0.0/0"
}

resource "aws_subnet" "network_b_workload" {
  vpc_id            = aws_vpc.network.id
  availability_zone = "${var.region}b"
  cidr_block        = cidrsubnet(var.vpc_cidr, 3, 2)

  tags = merge(local.tags, { Name = "${var.name}-workload-b" })
}

resource "aws_route_table" "network_b_workload" {
  vpc_id = aws_vpc.network.id

  tags = merge(local.tags, { Name = "${var.name}-workload-b" })
}

resource "aws_route_table_association" "network_b_workload" {
  route_table_id = aws_route_table.network_b_workload.id
  subnet_id      = aws_subnet.network_b_workload.id
}

resource "aws_eip" "network_b_nat" {
  domain = "vpc"

  tags = merge(local.tags, { Name = "${var.name}-b" })

  depends_on = [aws_internet_gateway.network]
}

resource "aws_nat_gateway" "network_b_nat" {
  allocation_id = aws_eip.network_b_nat.id
  subnet_id     = aws_subnet.network_b_public.id

  tags = merge(local.tags, { Name = "${var.name}-b" })

  depends_on = [aws_internet_gateway.network]
}
