resource "aws_cloudwatch_log_group" "failover" {
  name              = "/aws/lambda/${var.name}-route-failover"
  retention_in_days = var.failover_log_retention_days

  tags = local.tags
}

resource "aws_sqs_queue" "failover_dead_letters" {
  name                      = "${var.name}-route-failover-dead-letters"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true

  tags = local.tags
}

# The function's memory: when connectors failed. Terraform makes the parameter and leaves its value
# to the function.
resource "aws_ssm_parameter" "failover_history" {
  name        = "/zscaler/${var.name}/route-failover/history"
  description = "When connectors of ${var.name} failed. Written by ${var.name}-route-failover."
  type        = "String"
  value       = "{}"

  tags = local.tags

  lifecycle {
    ignore_changes = [value]
  }
}

data "aws_service_principal" "failover_role" {
  service_name = "lambda"
}

resource "aws_iam_role" "failover_role" {
  name_prefix = "${var.name}-failover-"
  assume_role_policy = jsonencode({
    Statement = [
      {
        Action = "sts:AssumeRole"
        Effect = "Allow"
        Principal = {
          Service = data.aws_service_principal.failover_role.name
        }
      },
    ]
    Version = "2012-10-17"
  })
  description = "Route failover of ${var.name}"
  path        = var.iam_path

  tags = local.tags
}

resource "aws_iam_role_policy" "failover_role_describe" {
  name = "describe"
  policy = jsonencode({
    Statement = [
      {
        Action   = ["ec2:DescribeInstanceStatus", "ec2:DescribeInstances", "ec2:DescribeRouteTables"]
        Effect   = "Allow"
        Resource = "*"
      },
    ]
    Version = "2012-10-17"
  })
  role = aws_iam_role.failover_role.id
}

resource "aws_iam_role_policy" "failover_role_history" {
  name = "history"
  policy = jsonencode({
    Statement = [
      {
        Action   = ["ssm:GetParameter", "ssm:PutParameter"]
        Effect   = "Allow"
        Resource = aws_ssm_parameter.failover_history.arn
      },
    ]
    Version = "2012-10-17"
  })
  role = aws_iam_role.failover_role.id
}

# Lambda needs these actions to put the function into the VPC. The function's own code is denied
# them.
resource "aws_iam_role_policy" "failover_role_interfaces" {
  name = "interfaces"
  policy = jsonencode({
    Statement = [
      {
        Action = [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:UnassignPrivateIpAddresses",
        ]
        Effect   = "Allow"
        Resource = "*"
      },
      {
        Action = [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:UnassignPrivateIpAddresses",
        ]
        Condition = {
          ArnEquals = {
            "lambda:SourceFunctionArn" = "arn:${data.aws_partition.partition.partition}:lambda:${data.aws_region.region.id}:${data.aws_caller_identity.caller_identity.account_id}:function:${var.name}-route-failover"
          }
        }
        Effect   = "Deny"
        Resource = "*"
      },
    ]
    Version = "2012-10-17"
  })
  role = aws_iam_role.failover_role.id
}

resource "aws_iam_role_policy" "failover_role_log" {
  name = "log"
  policy = jsonencode({
    Statement = [
      {
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Effect   = "Allow"
        Resource = "${aws_cloudwatch_log_group.failover.arn}:*"
      },
    ]
    Version = "2012-10-17"
  })
  role = aws_iam_role.failover_role.id
}

resource "aws_iam_role_policy" "failover_role_dead_letters" {
  name = "dead_letters"
  policy = jsonencode({
    Statement = [
      {
        Action   = "sqs:SendMessage"
        Effect   = "Allow"
        Resource = aws_sqs_queue.failover_dead_letters.arn
      },
    ]
    Version = "2012-10-17"
  })
  role = aws_iam_role.failover_role.id
}

resource "aws_iam_policy" "failover_role_routes_1" {
  name_prefix = "${var.name}-failover-routes_1-"
  description = "Route failover of ${var.name}"
  path        = var.iam_path
  policy = jsonencode({
    Statement = [
      {
        Action = "ec2:ReplaceRoute"
        Effect = "Allow"
        Resource = [
          "arn:${data.aws_partition.partition.partition}:ec2:${data.aws_region.region.id}:${data.aws_caller_identity.caller_identity.account_id}:route-table/${aws_route_table.network_a_workload.id}",
          "arn:${data.aws_partition.partition.partition}:ec2:${data.aws_region.region.id}:${data.aws_caller_identity.caller_identity.account_id}:route-table/${aws_route_table.network_b_workload.id}",
        ]
      },
    ]
    Version = "2012-10-17"
  })

  tags = local.tags
}

resource "aws_iam_role_policy_attachment" "failover_role_routes_1" {
  policy_arn = aws_iam_policy.failover_role_routes_1.arn
  role       = aws_iam_role.failover_role.name
}

resource "aws_security_group" "failover_guard" {
  name        = "${var.name}-route-failover"
  vpc_id      = aws_vpc.network.id
  description = "Route failover function"

  tags = merge(local.tags, { Name = "${var.name}-route-failover" })
}

resource "aws_vpc_security_group_egress_rule" "failover_guard_health_probes_out" {
  referenced_security_group_id = aws_security_group.connectors_service.id
  security_group_id            = aws_security_group.failover_guard.id
  description                  = "Health probes of the connectors"
  from_port                    = var.connectors_health_probe_port
  ip_protocol                  = "tcp"
  to_port                      = var.connectors_health_probe_port

  tags = local.tags
}

resource "aws_vpc_security_group_egress_rule" "failover_guard_https_out" {
  security_group_id = aws_security_group.failover_guard.id
  cidr_ipv4         = "0.0.0.0/0"
  description       = "HTTPS to AWS"
  from_port         = 443
  ip_protocol       = "tcp"
  to_port           = 443

  tags = local.tags
}

# Its source is modules/route-failover/function of the package cdktf-zscaler-aws, from which the zip
# is built.
resource "aws_lambda_function" "failover" {
  architectures    = [var.failover_architecture]
  description      = "Moves routes of ${var.name} off connectors that die, and home again"
  filename         = "${path.module}/assets/failover_code/E18059B95F36EAFA27F0DFC29DEE91B4/function.zip"
  function_name    = "${var.name}-route-failover"
  handler          = "index.handler"
  memory_size      = var.failover_memory
  role             = aws_iam_role.failover_role.arn
  runtime          = var.failover_runtime
  source_code_hash = "T3ZoMnxru4Gx8VRCz3L9FlDvNvqwK/0MOq9yTY1VE4s="
  timeout          = 130

  dead_letter_config {
    target_arn = aws_sqs_queue.failover_dead_letters.arn
  }

  environment {
    variables = {
      FAILOVER_DOCUMENT = jsonencode({
        aliveAfter = 10
        allDead = {
          policy = "hold"
        }
        connectors = {
          a-1 = {
            address   = aws_network_interface.connectors_a_1_service.private_ip
            instance  = aws_instance.connectors_a_1.id
            interface = aws_network_interface.connectors_a_1_service.id
            zone      = "a"
          }
          b-1 = {
            address   = aws_network_interface.connectors_b_1_service.private_ip
            instance  = aws_instance.connectors_b_1.id
            interface = aws_network_interface.connectors_b_1_service.id
            zone      = "b"
          }
        }
        deadAfter = 2
        drained   = []
        history   = "/zscaler/${var.name}/route-failover/history"
        holdDown = {
          firstSeconds   = 20
          longestSeconds = 900
        }
        name   = var.name
        paused = false
        probe = {
          intervalSeconds = 2
          port            = var.connectors_health_probe_port
          timeoutSeconds  = 1.2
        }
        routes = [
          {
            destination = "0.0.0.0/0"
            home        = "a-1"
            natGateway  = aws_nat_gateway.network_a_nat.id
            table       = aws_route_table.network_a_workload.id
            tier        = "workload"
          },
          {
            destination = "0.0.0.0/0"
            home        = "b-1"
            natGateway  = aws_nat_gateway.network_b_nat.id
            table       = aws_route_table.network_b_workload.id
            tier        = "workload"
          },
        ]
      })
    }
  }

  vpc_config {
    security_group_ids = [aws_security_group.failover_guard.id]
    subnet_ids         = [aws_subnet.network_a_connector.id, aws_subnet.network_b_connector.id]
  }

  tags = local.tags

  depends_on = [
    aws_iam_role_policy.failover_role_describe,
    aws_iam_role_policy.failover_role_history,
    aws_iam_role_policy.failover_role_interfaces,
    aws_iam_role_policy.failover_role_log,
    aws_iam_role_policy.failover_role_dead_letters,
    aws_iam_role_policy_attachment.failover_role_routes_1,
    aws_vpc_security_group_egress_rule.failover_guard_health_probes_out,
    aws_vpc_security_group_egress_rule.failover_guard_https_out,
    aws_route.steering_a_workload,
    aws_route.steering_b_workload,
    aws_route_table_association.network_a_connector,
    aws_route.network_a_connector_default,
    aws_route_table_association.network_b_connector,
    aws_route.network_b_connector_default,
  ]
}

# An old event says nothing about now: the next run looks for itself.
resource "aws_lambda_function_event_invoke_config" "failover" {
  function_name                = aws_lambda_function.failover.function_name
  maximum_event_age_in_seconds = 60
  maximum_retry_attempts       = 0
}

resource "aws_kms_key" "failover_topic" {
  description         = "Encrypts the SNS topic ${var.name}-route-failover"
  enable_key_rotation = true
  policy = jsonencode({
    Statement = [
      {
        Action = "kms:*"
        Effect = "Allow"
        Principal = {
          AWS = "arn:${data.aws_partition.partition.partition}:iam::${data.aws_caller_identity.caller_identity.account_id}:root"
        }
        Resource = "*"
      },
      {
        Action = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Condition = {
          StringEquals = {
            "aws:SourceAccount" = data.aws_caller_identity.caller_identity.account_id
          }
        }
        Effect = "Allow"
        Principal = {
          Service = "cloudwatch.amazonaws.com"
        }
        Resource = "*"
      },
    ]
    Version = "2012-10-17"
  })

  tags = merge(local.tags, { Name = "${var.name}-route-failover" })
}

resource "aws_sns_topic" "failover_topic" {
  name              = "${var.name}-route-failover"
  kms_master_key_id = aws_kms_key.failover_topic.arn

  tags = local.tags
}

resource "aws_sns_topic_policy" "failover_topic" {
  arn = aws_sns_topic.failover_topic.arn
  policy = jsonencode({
    Statement = [
      {
        Action = "sns:Publish"
        Condition = {
          StringEquals = {
            "aws:SourceAccount" = data.aws_caller_identity.caller_identity.account_id
          }
        }
        Effect = "Allow"
        Principal = {
          Service = "cloudwatch.amazonaws.com"
        }
        Resource = aws_sns_topic.failover_topic.arn
      },
    ]
    Version = "2012-10-17"
  })
}

resource "aws_cloudwatch_metric_alarm" "failover_alarms_failovers" {
  alarm_actions       = [aws_sns_topic.failover_topic.arn]
  alarm_description   = "A connector died, and a route of its was moved to another. See the log group ${aws_cloudwatch_log_group.failover.name}."
  alarm_name          = "${var.name}-route-failover-failovers"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions = {
    Deployment = var.name
  }
  evaluation_periods = 1
  metric_name        = "Failovers"
  namespace          = "Zscaler/RouteFailover"
  period             = 60
  statistic          = "Sum"
  threshold          = 1
  treat_missing_data = "notBreaching"

  tags = local.tags

  depends_on = [aws_sns_topic_policy.failover_topic]
}

resource "aws_cloudwatch_metric_alarm" "failover_alarms_failed_replacements" {
  alarm_actions       = [aws_sns_topic.failover_topic.arn]
  alarm_description   = "A route could not be moved: EC2 refused or did not answer. Its traffic may be lost. See the log group ${aws_cloudwatch_log_group.failover.name}."
  alarm_name          = "${var.name}-route-failover-failed-replacements"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions = {
    Deployment = var.name
  }
  evaluation_periods = 1
  metric_name        = "FailedReplacements"
  namespace          = "Zscaler/RouteFailover"
  period             = 60
  statistic          = "Sum"
  threshold          = 1
  treat_missing_data = "notBreaching"

  tags = local.tags

  depends_on = [aws_sns_topic_policy.failover_topic]
}

resource "aws_cloudwatch_metric_alarm" "failover_alarms_foreign_routes" {
  alarm_actions       = [aws_sns_topic.failover_topic.arn]
  alarm_description   = "A route leads to something that is no connector of the deployment. It is left as it is and does not fail over. See the log group ${aws_cloudwatch_log_group.failover.name}."
  alarm_name          = "${var.name}-route-failover-foreign-routes"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions = {
    Deployment = var.name
  }
  evaluation_periods = 1
  metric_name        = "ForeignRoutes"
  namespace          = "Zscaler/RouteFailover"
  period             = 60
  statistic          = "Maximum"
  threshold          = 1
  treat_missing_data = "notBreaching"

  tags = local.tags

  depends_on = [aws_sns_topic_policy.failover_topic]
}

resource "aws_cloudwatch_metric_alarm" "failover_alarms_missing_routes" {
  alarm_actions       = [aws_sns_topic.failover_topic.arn]
  alarm_description   = "A route is gone from its table. Terraform makes it again. See the log group ${aws_cloudwatch_log_group.failover.name}."
  alarm_name          = "${var.name}-route-failover-missing-routes"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions = {
    Deployment = var.name
  }
  evaluation_periods = 1
  metric_name        = "MissingRoutes"
  namespace          = "Zscaler/RouteFailover"
  period             = 60
  statistic          = "Maximum"
  threshold          = 1
  treat_missing_data = "notBreaching"

  tags = local.tags

  depends_on = [aws_sns_topic_policy.failover_topic]
}

resource "aws_cloudwatch_metric_alarm" "failover_alarms_all_dead" {
  alarm_actions       = [aws_sns_topic.failover_topic.arn]
  alarm_description   = "No connector answers health probes. Look at the connectors, and at what lies between them and the function. See the log group ${aws_cloudwatch_log_group.failover.name}."
  alarm_name          = "${var.name}-route-failover-all-dead"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions = {
    Deployment = var.name
  }
  evaluation_periods = 1
  metric_name        = "AllDead"
  namespace          = "Zscaler/RouteFailover"
  ok_actions         = [aws_sns_topic.failover_topic.arn]
  period             = 60
  statistic          = "Maximum"
  threshold          = 1
  treat_missing_data = "notBreaching"

  tags = local.tags

  depends_on = [aws_sns_topic_policy.failover_topic]
}

resource "aws_cloudwatch_metric_alarm" "failover_alarms_heartbeat" {
  alarm_actions       = [aws_sns_topic.failover_topic.arn]
  alarm_description   = "For three minutes nobody has watched the connectors: the function does not run, or cannot see the routes. Look at its schedule and its errors. See the log group ${aws_cloudwatch_log_group.failover.name}."
  alarm_name          = "${var.name}-route-failover-heartbeat"
  comparison_operator = "LessThanThreshold"
  dimensions = {
    Deployment = var.name
  }
  evaluation_periods = 3
  metric_name        = "Heartbeat"
  namespace          = "Zscaler/RouteFailover"
  ok_actions         = [aws_sns_topic.failover_topic.arn]
  period             = 60
  statistic          = "Sum"
  threshold          = 1
  treat_missing_data = "breaching"

  tags = local.tags

  depends_on = [aws_sns_topic_policy.failover_topic]
}

resource "aws_cloudwatch_metric_alarm" "failover_alarms_errors" {
  alarm_actions       = [aws_sns_topic.failover_topic.arn]
  alarm_description   = "A run of the function ended in an error. See the log group ${aws_cloudwatch_log_group.failover.name}."
  alarm_name          = "${var.name}-route-failover-errors"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions = {
    FunctionName = "${var.name}-route-failover"
  }
  evaluation_periods = 1
  metric_name        = "Errors"
  namespace          = "AWS/Lambda"
  period             = 60
  statistic          = "Sum"
  threshold          = 1
  treat_missing_data = "notBreaching"

  tags = local.tags

  depends_on = [aws_sns_topic_policy.failover_topic]
}

resource "aws_cloudwatch_metric_alarm" "failover_alarms_throttles" {
  alarm_actions       = [aws_sns_topic.failover_topic.arn]
  alarm_description   = "Lambda did not start the function: the account's concurrent runs are used up. Raise the quota, or set reservedConcurrency."
  alarm_name          = "${var.name}-route-failover-throttles"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions = {
    FunctionName = "${var.name}-route-failover"
  }
  evaluation_periods = 1
  metric_name        = "Throttles"
  namespace          = "AWS/Lambda"
  period             = 60
  statistic          = "Sum"
  threshold          = 1
  treat_missing_data = "notBreaching"

  tags = local.tags

  depends_on = [aws_sns_topic_policy.failover_topic]
}

resource "aws_cloudwatch_metric_alarm" "failover_alarms_dead_letters" {
  alarm_actions       = [aws_sns_topic.failover_topic.arn]
  alarm_description   = "Events of runs that failed are in the queue ${aws_sqs_queue.failover_dead_letters.name}. See the log group ${aws_cloudwatch_log_group.failover.name}. Purge the queue when they are understood."
  alarm_name          = "${var.name}-route-failover-dead-letters"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  dimensions = {
    QueueName = aws_sqs_queue.failover_dead_letters.name
  }
  evaluation_periods = 1
  metric_name        = "ApproximateNumberOfMessagesVisible"
  namespace          = "AWS/SQS"
  period             = 60
  statistic          = "Maximum"
  threshold          = 1
  treat_missing_data = "notBreaching"

  tags = local.tags

  depends_on = [aws_sns_topic_policy.failover_topic]
}

resource "aws_cloudwatch_event_rule" "failover_schedule" {
  name                = "${var.name}-route-failover-schedule"
  description         = "Watches the connectors of ${var.name}"
  schedule_expression = "rate(1 minute)"

  tags = local.tags
}

resource "aws_lambda_permission" "failover_schedule" {
  statement_id  = "schedule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.failover.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.failover_schedule.arn
}

resource "aws_cloudwatch_event_target" "failover_schedule" {
  target_id = "function"
  arn       = aws_lambda_function.failover.arn
  rule      = aws_cloudwatch_event_rule.failover_schedule.name

  retry_policy {
    maximum_event_age_in_seconds = 60
    maximum_retry_attempts       = 0
  }

  depends_on = [
    aws_lambda_permission.failover_schedule,
    aws_lambda_function_event_invoke_config.failover,
    aws_cloudwatch_metric_alarm.failover_alarms_failovers,
    aws_cloudwatch_metric_alarm.failover_alarms_failed_replacements,
    aws_cloudwatch_metric_alarm.failover_alarms_foreign_routes,
    aws_cloudwatch_metric_alarm.failover_alarms_missing_routes,
    aws_cloudwatch_metric_alarm.failover_alarms_all_dead,
    aws_cloudwatch_metric_alarm.failover_alarms_heartbeat,
    aws_cloudwatch_metric_alarm.failover_alarms_errors,
    aws_cloudwatch_metric_alarm.failover_alarms_throttles,
    aws_cloudwatch_metric_alarm.failover_alarms_dead_letters,
  ]
}

resource "aws_cloudwatch_event_rule" "failover_instances_1" {
  name        = "${var.name}-route-failover-instances-1"
  description = "A connector of ${var.name} stops or is terminated"
  event_pattern = jsonencode({
    detail = {
      instance-id = [aws_instance.connectors_a_1.id, aws_instance.connectors_b_1.id]
      state       = ["shutting-down", "terminated", "stopping", "stopped"]
    }
    detail-type = ["EC2 Instance State-change Notification"]
    source      = ["aws.ec2"]
  })

  tags = local.tags
}

resource "aws_lambda_permission" "failover_instances_1" {
  statement_id  = "instances_1"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.failover.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.failover_instances_1.arn
}

resource "aws_cloudwatch_event_target" "failover_instances_1" {
  target_id = "function"
  arn       = aws_lambda_function.failover.arn
  rule      = aws_cloudwatch_event_rule.failover_instances_1.name

  retry_policy {
    maximum_event_age_in_seconds = 60
    maximum_retry_attempts       = 0
  }

  depends_on = [
    aws_lambda_permission.failover_instances_1,
    aws_lambda_function_event_invoke_config.failover,
    aws_cloudwatch_metric_alarm.failover_alarms_failovers,
    aws_cloudwatch_metric_alarm.failover_alarms_failed_replacements,
    aws_cloudwatch_metric_alarm.failover_alarms_foreign_routes,
    aws_cloudwatch_metric_alarm.failover_alarms_missing_routes,
    aws_cloudwatch_metric_alarm.failover_alarms_all_dead,
    aws_cloudwatch_metric_alarm.failover_alarms_heartbeat,
    aws_cloudwatch_metric_alarm.failover_alarms_errors,
    aws_cloudwatch_metric_alarm.failover_alarms_throttles,
    aws_cloudwatch_metric_alarm.failover_alarms_dead_letters,
  ]
}
