"""What a scene is: reads, checks and seals manifests."""
