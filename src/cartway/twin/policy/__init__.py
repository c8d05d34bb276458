"""Treatment policies: what is given when what is seen. They move outcomes, so each run keeps its own."""

from cartway.twin.policy.named import NEVER, Policy, policies, policy_of
from cartway.twin.policy.orders import Order, Seen, orders

__all__ = ["NEVER", "Order", "Policy", "Seen", "orders", "policies", "policy_of"]
