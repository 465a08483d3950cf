# Lets Curfew invoke Lambda functions of this account, which give and take away access.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "hub_account_id" {
  description = "The account in which Curfew runs."
  type        = string
}

variable "external_id" {
  description = "What Curfew has to present; the externalId of the integration in curfew.config.ts."
  type        = string
}

variable "function_arns" {
  description = "The functions that Curfew may invoke, exactly as the targets in curfew.config.ts name them: an alias or a version is another ARN than its function."
  type        = list(string)
}

variable "allow_listing" {
  description = "Whether Curfew may list this account's functions to offer them as targets. AWS cannot limit it, and the list contains the functions' environment variables."
  type        = bool
  default     = false
}

data "aws_partition" "current" {}

locals {
  partition = data.aws_partition.current.partition
  hub       = "arn:${local.partition}:iam::${var.hub_account_id}:root"
  hub_roles = "arn:${local.partition}:iam::${var.hub_account_id}:role/curfew/*"
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "Assume"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [local.hub]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.external_id]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:PrincipalArn"
      values   = [local.hub_roles]
    }
  }

  # They come with the call to AssumeRole, and are worth nothing without it.
  statement {
    sid     = "NamePerson"
    actions = ["sts:SetSourceIdentity", "sts:TagSession"]
    principals {
      type        = "AWS"
      identifiers = [local.hub]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:PrincipalArn"
      values   = [local.hub_roles]
    }
  }
}

data "aws_iam_policy_document" "curfew" {
  statement {
    sid       = "Invoke"
    actions   = ["lambda:InvokeFunction"]
    resources = var.function_arns
  }

  dynamic "statement" {
    for_each = var.allow_listing ? [true] : []
    content {
      sid     = "List"
      actions = ["lambda:ListFunctions"]
      # The action supports no resource.
      resources = ["*"]
    }
  }
}

resource "aws_iam_role" "curfew" {
  name               = "CurfewLambda"
  path               = "/curfew/"
  description        = "Curfew assumes it to invoke the functions that give and take away access."
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "curfew" {
  name   = "curfew"
  role   = aws_iam_role.curfew.id
  policy = data.aws_iam_policy_document.curfew.json
}

output "role_arn" {
  description = "The roleArn of the integration in curfew.config.ts."
  value       = aws_iam_role.curfew.arn
}
