"""The Financial Hub: rate plans, invoices, payment orders and payments, all of them following from measured attendance."""
