"""What both ways of running the service share."""
