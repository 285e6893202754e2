"""The library as a server on this machine, in the two published protocols.

``service`` starts and stops it; everything else is what happens to one request. Starlette and
uvicorn are imported here only, and only once somebody serves.
"""
