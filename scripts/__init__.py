"""Command-line tools of the warehouse: deliveries in, safe build, checks, documentation."""
