"""The desk and every command behind it, asked as a platform asks."""
