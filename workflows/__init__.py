"""The work of the field: steps, rules, quota and matching, without a web page in sight."""
