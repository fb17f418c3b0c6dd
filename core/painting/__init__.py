"""The use case: an order becomes a painting with points held for it, and ends in one settlement."""

from core.painting.accepting import Accepted, House, accept
from core.painting.cancelling import cancel
from core.painting.deleting import delete
from core.painting.orders import Order, order_again
from core.painting.settling import sweep, task_ended

__all__ = ["Accepted", "House", "Order", "accept", "cancel", "delete", "order_again", "sweep", "task_ended"]
