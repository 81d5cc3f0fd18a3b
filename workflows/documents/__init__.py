"""Documents of a case: files that users send, and the steps' view of them."""
