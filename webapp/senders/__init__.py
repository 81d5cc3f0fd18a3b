"""What leaves the program: mail and webhooks, each with the words for what went wrong."""
