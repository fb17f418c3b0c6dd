"""Jimeng on Volcengine: signing, the client, the capability table, and its errors made ours."""
