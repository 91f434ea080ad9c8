variable "project" {
  description = "The Google Cloud project's id. One project holds one organisation's deployment, and nothing else."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project: write the id of a Google Cloud project, such as school-rollcall, not its name or number."
  }
}

variable "environment" {
  description = "What this deployment is for; a label on all that is made."
  type        = string

  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "environment: use dev or prod."
  }
}

variable "region" {
  description = "Where everything runs and is stored."
  type        = string
  default     = "europe-west1"
}

variable "domain" {
  description = "The host name of the one public address; its A record has to point to the output `address`."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "domain: write a bare host name like rollcall.school.example, without https:// and without a path."
  }
}

variable "extra_origins" {
  description = "Origins of other pages that may call the API from a browser, such as https://portal.school.example."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.extra_origins : can(regex("^https://[^/*]+$", origin))])
    error_message = "extra_origins: write exact origins like https://portal.school.example; a wildcard would let every page call."
  }
}

variable "admin_emails" {
  description = "Addresses of the people who administer Rollcall."
  type        = list(string)

  validation {
    condition     = length(var.admin_emails) > 0 && alltrue([for email in var.admin_emails : can(regex("^[^@ ]+@[^@ ]+$", email))])
    error_message = "admin_emails: name at least one e-mail address; without one nobody may set anything up."
  }
}

variable "alert_emails" {
  description = "Addresses that alerts are sent to."
  type        = list(string)

  validation {
    condition     = length(var.alert_emails) > 0
    error_message = "alert_emails: name at least one address; an alert that nobody gets is none."
  }
}

variable "google_admin_email" {
  description = "A Workspace administrator, whom the audit log of Meet is asked as; null where reports are not used."
  type        = string
  default     = null
}

variable "sign_in_client_id" {
  description = "The OAuth client (web) of Google's sign-in button; null where people sign in otherwise."
  type        = string
  default     = null
}

variable "use_delegation" {
  description = "Whether the service account google-delegate acts for the whole domain; its client id has to be allowed in the Admin console."
  type        = bool
  default     = true
}

variable "use_grants" {
  description = "Whether grants that people gave by `python -m infra.google_oauth` are looked for in Secret Manager."
  type        = bool
  default     = false
}

variable "settings" {
  description = "Variables of functions/*/function.json that are to differ from the code's defaults, by name."
  type        = map(string)
  default     = {}
}

variable "secrets_filled" {
  description = "Secrets that hold a value, by the variable's name (JWT_SECRET). Others are made, empty, and given to nobody."
  type        = set(string)
  default     = []
}

variable "warm" {
  description = "Whether functions keep the ready instances that their table asks for; false makes an idle deployment cost less and its webhook slower."
  type        = bool
  default     = true
}

variable "release" {
  description = "What is deployed, as `python -m infra.release` wrote it: the archives' names in the bucket and the gateway's image by its digest."
  type = object({
    commit  = string
    bucket  = string
    objects = map(string)
    images  = map(string)
  })

  validation {
    condition     = alltrue([for name, object in var.release.objects : can(regex("^functions/${name}-[0-9a-f]{64}\\.zip$", object))])
    error_message = "release.objects: each archive is named by its content, functions/<name>-<sha256>.zip; write it with `python -m infra.release`."
  }

  validation {
    condition     = alltrue([for image in values(var.release.images) : can(regex("@sha256:[0-9a-f]{64}$", image))])
    error_message = "release.images: name an image by its digest, not by a tag that may move."
  }
}

variable "billing_account" {
  description = "The billing account that the budget watches, such as 0X0X0X-0X0X0X-0X0X0X; null without a budget."
  type        = string
  default     = null
}

variable "monthly_budget" {
  description = "The amount of a month, in whole units of the billing account's currency, at which the alarm is raised."
  type        = number
  default     = 60
}

variable "budget_currency" {
  description = "The billing account's currency, by its three letters."
  type        = string
  default     = "EUR"
}
