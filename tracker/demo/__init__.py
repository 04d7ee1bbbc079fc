"""The product without a network: an embedded Hub, a simulated world, recorded listings."""
