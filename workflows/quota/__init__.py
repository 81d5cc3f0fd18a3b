"""The quota: periods, apportionment, the ledger and the official table."""
