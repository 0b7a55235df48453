"""Where entities are kept: one contract, three stores."""
