locals {
  own_tags = {
    ManagedBy                                       = "terraform"
    Vendor                                          = "Zscaler"
    "zs-edge-connector-cluster/${var.name}-cluster" = "shared"
  }
  tags = merge(local.own_tags, var.tags)
}
