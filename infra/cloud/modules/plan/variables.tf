# What the deployment is told. This module needs no provider: all of it can be worked out, and tested, on any machine.

variable "functions_folder" {
  description = "Folder with a folder for each function, each with its function.json."
  type        = string
}

variable "project" {
  description = "The Google Cloud project's id and number."
  type        = object({ id = string, number = string })
}

variable "region" {
  description = "Where everything runs."
  type        = string
}

variable "domain" {
  description = "The host name of the one public address."
  type        = string
}

variable "extra_origins" {
  description = "Origins of other pages that may call the API from a browser."
  type        = list(string)
}

variable "admin_emails" {
  description = "Addresses of the administrators."
  type        = list(string)
}

variable "google_admin_email" {
  description = "The Workspace administrator whom reports are asked as; null without one."
  type        = string
}

variable "sign_in_client_id" {
  description = "Google's OAuth client of the sign-in button; null without sign-in by Google."
  type        = string
}

variable "use_delegation" {
  description = "Whether a service account acts for the whole domain."
  type        = bool
}

variable "use_grants" {
  description = "Whether people's own grants are looked for in Secret Manager."
  type        = bool
}

variable "queue" {
  description = "The name of the task queue."
  type        = string
}

variable "topic" {
  description = "The name of the topic of Meet's events."
  type        = string
}

variable "settings" {
  description = "Values of variables that function.json declares and the code has a default for."
  type        = map(string)
}

variable "secrets_filled" {
  description = "The secrets that hold a value, by the variable's name; a function is given only these."
  type        = set(string)
}

variable "warm" {
  description = "Whether the functions whose table asks for it keep an instance ready."
  type        = bool
}
