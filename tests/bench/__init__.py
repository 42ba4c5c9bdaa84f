"""What measures Liaison is itself held to account: generators, splits and arithmetic."""
