"""Other people's servers, as a client: vidcache and MictlanX, over one careful HTTP part.

What a remote says is data to be judged. Bytes are believed once their size and hash are right,
names are never paths, and nothing is asked of any address but the remote's own.
"""
