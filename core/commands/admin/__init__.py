"""`/paint-admin`: how the team paints, changed live from the chat; one module a section, gathered in `every`."""
