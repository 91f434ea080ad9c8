# A deployment to try things out: nothing is kept ready, so an idle month costs little more than the address.
project      = "rollcall-dev"
environment  = "dev"
domain       = "dev.rollcall.example"
admin_emails = ["admin@school.example"]
alert_emails = ["admin@school.example"]
warm         = false
settings     = { ROLLCALL_DEBUG = "on" }

secrets_filled = ["JWT_SECRET"]
