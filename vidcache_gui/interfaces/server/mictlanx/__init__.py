"""The MictlanX protocol, API v4: a storage peer, and the router in front of it, at once."""
