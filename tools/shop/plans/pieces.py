"""Single pieces of an order: which are meant, what they are exchanged for, and what that costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from tools.shop.plans.plan import Desk
from tools.shop.records import NOTHING, Item, Line, Order
from tools.shop.refusals import Refused


def pieces(order: Order, item_ids: Sequence[str]) -> tuple[Line, ...]:
    """One line of one piece for each id; an id may be named once for every piece there is. Raises Refused."""
    left = [line.model_copy(update={"quantity": 1}) for line in order.lines for _ in range(line.quantity)]
    chosen = []
    for item_id in item_ids:
        piece = next((piece for piece in left if piece.item_id == item_id), None)
        if piece is None:
            raise Refused("not_in_order", order_id=order.order_id, item_id=item_id)
        left.remove(piece)
        chosen.append(piece)
    return tuple(chosen)


def replacements(desk: Desk, chosen: Sequence[Line], new_item_ids: Sequence[str]) -> tuple[Item, ...]:
    """What each piece becomes: an item of the same product that can be bought now. Raises Refused."""
    if len(chosen) != len(new_item_ids):
        raise Refused("counts_differ", needed=len(chosen), given=len(new_item_ids))
    wanted = Counter(new_item_ids)
    found = []
    for piece, item_id in zip(chosen, new_item_ids, strict=True):
        item = desk.item(item_id, wanted[item_id])
        if item.product_id != piece.product_id:
            raise Refused("other_product", item_id=piece.item_id, new_item_id=item_id, title=piece.title)
        found.append(item)
    return tuple(found)


def difference(chosen: Sequence[Line], new: Sequence[Item]) -> Decimal:
    """What the shopper pays on top; negative when it is given back."""
    return sum((item.price or NOTHING for item in new), NOTHING) - sum((piece.amount for piece in chosen), NOTHING)


def replaced(lines: Sequence[Line], item_ids: Sequence[str], new: Sequence[Item]) -> tuple[Line, ...]:
    """Each piece becomes its new item where it stands; a line of several pieces is split."""
    found = list(lines)
    for item_id, item in zip(item_ids, new, strict=True):
        place = next(place for place, line in enumerate(found) if line.item_id == item_id)
        line = found[place]
        rest = [line.model_copy(update={"quantity": line.quantity - 1})] if line.quantity > 1 else []
        found[place : place + 1] = [line_of(item), *rest]
    return tuple(found)


def line_of(item: Item) -> Line:
    """One piece."""
    return Line(
        item_id=item.item_id,
        product_id=item.product_id,
        title=item.title,
        options=item.options,
        quantity=1,
        price=item.price,
    )
