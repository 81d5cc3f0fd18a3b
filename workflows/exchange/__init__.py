"""What leaves and enters as files: tables in four formats, and history to take over."""
