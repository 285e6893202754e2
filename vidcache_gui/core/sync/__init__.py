"""Making two archives hold the same: what differs, a plan, and carrying it out."""
