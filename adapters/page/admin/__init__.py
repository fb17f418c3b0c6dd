"""What admins look at on the page rather than read: records, pictures, keys, status and charts, drawn from the desk's looks."""
