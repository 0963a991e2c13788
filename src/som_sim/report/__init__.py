"""Tables, figures and files from one result."""
