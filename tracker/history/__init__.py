"""History from elsewhere: other people's archives, brought into the lake with their source."""
