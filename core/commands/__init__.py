"""What can be asked: one module a subject, each naming its verbs."""
