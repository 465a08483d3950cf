# Lets Curfew give and take away access through IAM Identity Center. Apply it in the account that
# administers Identity Center: the management account or a delegated administrator.

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

variable "instance_arn" {
  description = "The Identity Center instance."
  type        = string
}

variable "identity_store_id" {
  description = "The instance's identity store, such as d-1234567890."
  type        = string
}

variable "account_arns" {
  description = "The accounts to which Curfew may give access, each as arn:aws:sso:::account/<account id>. IAM cannot limit to whom access is given, so limit where."
  type        = list(string)
}

variable "permission_set_arns" {
  description = "The permission sets that Curfew may assign."
  type        = list(string)
}

variable "group_arns" {
  description = "The groups to which Curfew may add people, each as arn:aws:identitystore:::group/<group id>. Empty for none."
  type        = list(string)
  default     = []
}

data "aws_partition" "current" {}

locals {
  partition = data.aws_partition.current.partition
  hub       = "arn:${local.partition}:iam::${var.hub_account_id}:root"
  hub_roles = "arn:${local.partition}:iam::${var.hub_account_id}:role/curfew/*"
  # The store's ARN has the management account's id.
  store       = "arn:${local.partition}:identitystore::*:identitystore/${var.identity_store_id}"
  users       = "arn:${local.partition}:identitystore:::user/*"
  groups      = "arn:${local.partition}:identitystore:::group/*"
  memberships = "arn:${local.partition}:identitystore:::membership/*"
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
  # Each of these needs the instance, the account and the permission set.
  statement {
    sid = "Assignments"
    actions = [
      "sso:CreateAccountAssignment",
      "sso:DeleteAccountAssignment",
      "sso:ListAccountAssignments",
    ]
    resources = concat([var.instance_arn], var.account_arns, var.permission_set_arns)
  }

  # Assignments are made and removed asynchronously.
  statement {
    sid = "AssignmentStatus"
    actions = [
      "sso:DescribeAccountAssignmentCreationStatus",
      "sso:DescribeAccountAssignmentDeletionStatus",
      "sso:ListAccountAssignmentCreationStatus",
      "sso:ListAccountAssignmentDeletionStatus",
    ]
    resources = [var.instance_arn]
  }

  statement {
    sid       = "PermissionSets"
    actions   = ["sso:DescribePermissionSet"]
    resources = concat([var.instance_arn], var.permission_set_arns)
  }

  # Who a caller is, and in which groups.
  statement {
    sid = "Directory"
    actions = [
      "identitystore:DescribeUser",
      "identitystore:GetUserId",
      "identitystore:IsMemberInGroups",
    ]
    resources = [local.store, local.users, local.groups, local.memberships]
  }

  dynamic "statement" {
    for_each = length(var.group_arns) > 0 ? [var.group_arns] : []
    content {
      sid = "Memberships"
      actions = [
        "identitystore:CreateGroupMembership",
        "identitystore:DeleteGroupMembership",
        "identitystore:DescribeGroupMembership",
        "identitystore:GetGroupMembershipId",
      ]
      resources = concat([local.store, local.users, local.memberships], statement.value)
    }
  }
}

resource "aws_iam_role" "curfew" {
  name               = "CurfewIdentityCenter"
  path               = "/curfew/"
  description        = "Curfew assumes it to give access through IAM Identity Center, and to take it away."
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
