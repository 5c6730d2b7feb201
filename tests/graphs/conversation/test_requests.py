"""What is asked to be done, and what only asks about doing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.graphs.conversation.conftest import Conversation

Arguments = dict[str, Any]


def _call(talk: Conversation, message: str) -> tuple[str, Arguments]:
    understood = talk.say(message)
    assert understood.call is not None, understood
    assert understood.reading is None
    return understood.call.tool, dict(understood.call.arguments)


@pytest.mark.parametrize(
    "message",
    ["add the second one to my cart", "add the second to the cart", "put the second one in my basket",
     "I'll take the second",
     "I'll take the second one please", "can you add the second one to my cart?",
     "could you put the second one in my bag please?",
     "add the blue one", "add the blue one to my cart please", "I want the second one", "I'd like the second one",
     "I'll have the blue one", "I'll go with the second", "please add the second one", "add number 2 to my cart",
     "throw the blue one in the cart", "add the blue headphones to my cart", "add the Vesper to my basket",
     "ok, add the second one",
     "yes, add the second one to my cart", "I would like to add the second one to my cart", "take the second one",
     "두 번째 거 장바구니에 담아줘", "두 번째 거 담아줘", "두 번째 걸로 할게요", "장바구니에 두 번째 거 넣어줘",
     "2번 담아 주세요", "두 번째 거 담아줄래?",
     "두 번째 거 장바구니에 추가해 주세요", "두 번째 거 주세요"],
)  # fmt: skip
def test_adding_one_that_is_named(headphones: Conversation, message: str) -> None:
    assert _call(headphones, message) == ("add_to_cart", {"item_id": "h2", "quantity": 1})
    assert headphones.say(message).then == ()


@pytest.mark.parametrize(
    ("message", "quantity"),
    [
        ("I'll take it", 1), ("put it in my basket", 1), ("add it to my cart", 1), ("add it", 1),
        ("I'll take that one", 1),
        ("add to cart", 1), ("I'll take this", 1), ("I'll take two", 2), ("add two of those", 2),
        ("add 3 of them to my cart", 3),
        ("add two of these to my basket please", 2), ("put 2 in my cart", 2), ("I'll take a couple", 2),
        ("give me two of those", 2),
        ("이걸로 할게요", 1), ("이거 담아줘", 1), ("장바구니에 담아줘", 1), ("이거 두 개 담아줘", 2),
        ("그거 장바구니에 넣어 주세요", 1), ("이거 3개 담아줘", 3),
    ],
)  # fmt: skip
def test_adding_the_one_looked_at(second: Conversation, message: str, quantity: int) -> None:
    assert _call(second, message) == ("add_to_cart", {"item_id": "h2", "quantity": quantity})


@pytest.mark.parametrize(
    "message", ["add two of the third one", "put 2 of the third in my cart", "세 번째 거 두 개 담아줘"]
)
def test_how_many_of_which(headphones: Conversation, message: str) -> None:
    assert _call(headphones, message) == ("add_to_cart", {"item_id": "h3", "quantity": 2})


def test_all_of_them_are_added_when_all_is_said(headphones: Conversation) -> None:
    understood = headphones.say("add all of them to my cart")
    assert understood.call is not None
    assert len(understood.then) == 4


def test_several_are_added_one_after_the_other(headphones: Conversation) -> None:
    understood = headphones.say("add the first and the third to my cart")
    assert understood.call is not None
    assert [dict(call.arguments)["item_id"] for call in (understood.call, *understood.then)] == ["h1", "h3"]


@pytest.mark.parametrize("message", ["buy it now", "buy it", "order it", "I want to buy it", "order this one",
                                     "purchase that one",
                                     "이거 바로 주문할게요", "이거 주문해줘", "이거 구매할게요"])  # fmt: skip
def test_buying_adds_and_then_proposes_the_order(second: Conversation, message: str) -> None:
    assert _call(second, message) == ("add_to_cart", {"item_id": "h2", "quantity": 1})
    assert [call.tool for call in second.say(message).then] == ["place_order"]


@pytest.mark.parametrize(
    ("message", "code"),
    [("I'll take it", "which_one"), ("add it to my cart", "which_one"), ("add the black one", "which_one"),
     ("buy it", "which_one"),
     ("add the black ones to the cart", "which_one"), ("add the purple one to my cart", "none_of_those"),
     ("I'll take two", "which_one"),
     ("add two of those", "which_one"), ("이거 담아줘", "which_one"), ("add a toaster to my cart", "none_of_those")],
)  # fmt: skip
def test_adding_what_may_be_several_is_asked(headphones: Conversation, message: str, code: str) -> None:
    understood = headphones.say(message)
    assert understood.call is None
    assert understood.unclear is not None
    assert understood.unclear.code == code


@pytest.mark.parametrize("message", ["add it to my cart", "I'll take the second one", "장바구니에 담아줘"])
def test_adding_before_anything_was_shown(talk, message: str) -> None:  # type: ignore[no-untyped-def]
    unclear = talk().say(message).unclear
    assert unclear is not None
    assert unclear.code == "no_earlier_products"


@pytest.mark.parametrize(
    ("message", "tool", "arguments"),
    [
        ("what's in my cart?", "view_cart", {}), ("show me my cart", "view_cart", {}),
        ("what do I have in my basket", "view_cart", {}),
        ("my cart", "view_cart", {}), ("is there anything in my cart?", "view_cart", {}),
        ("view cart please", "view_cart", None),
        ("장바구니에 뭐 있어?", "view_cart", {}), ("장바구니 보여줘", "view_cart", {}),
        ("내 장바구니 확인해줘", "view_cart", {}),
        ("remove the socks", "remove_from_cart", {"item_hint": "socks"}),
        ("remove the wool socks from my cart", "remove_from_cart", {"item_hint": "wool socks"}),
        ("take the lamp out of my cart", "remove_from_cart", {"item_hint": "lamp"}),
        ("please delete the blue jacket from the basket", "remove_from_cart", {"item_hint": "blue jacket"}),
        ("I don't want the socks anymore", "remove_from_cart", {"item_hint": "socks"}),
        ("양말 장바구니에서 빼줘", "remove_from_cart", {"item_hint": "양말"}),
        ("장바구니에서 양말을 삭제해 주세요", "remove_from_cart", {"item_hint": "양말"}),
        ("empty my cart", "remove_from_cart", {"item_hint": "all"}),
        ("clear the basket please", "remove_from_cart", {"item_hint": "all"}),
        ("remove everything from my cart", "remove_from_cart", {"item_hint": "all"}),
        ("장바구니 비워줘", "remove_from_cart", {"item_hint": "all"}),
        ("change the quantity of the socks to 3", "change_cart", {"item_hint": "socks", "quantity": 3}),
        ("set the amount for the lamp to two", "change_cart", {"item_hint": "lamp", "quantity": 2}),
        ("양말 수량을 3개로 바꿔줘", "change_cart", {"item_hint": "양말", "quantity": 3}),
        ("check out", "place_order", {}), ("checkout please", "place_order", {}),
        ("place the order", "place_order", {}),
        ("place my order", "place_order", {}), ("I'm ready to pay", "place_order", {}),
        ("order everything in my cart", "place_order", {}),
        ("I'd like to check out now", "place_order", {}), ("let's check out", "place_order", {}),
        ("complete my purchase", "place_order", {}),
        ("주문해줘", "place_order", {}), ("결제할게요", "place_order", {}),
        ("장바구니에 있는 거 다 주문해줘", "place_order", {}),
        ("show me my orders", "list_orders", {}), ("my orders", "list_orders", {}),
        ("what have I ordered so far?", "list_orders", {}),
        ("order history", "list_orders", None), ("show my order history", "list_orders", {}),
        ("주문 내역 보여줘", "list_orders", {}),
        ("구매 내역", "list_orders", {}), ("지금까지 뭐 샀지?", "list_orders", {}),
        ("where is my order?", "order_status", {"order_hint": "only"}),
        ("where's my package", "order_status", {"order_hint": "only"}),
        ("track my order", "order_status", {"order_hint": "only"}),
        ("when will my order arrive?", "order_status", {"order_hint": "only"}),
        ("has my order shipped yet?", "order_status", {"order_hint": "only"}),
        ("what's the status of my order?", "order_status", {"order_hint": "only"}),
        ("where is order #W123?", "order_status", {"order_id": "#W123"}),
        ("status of order W2378156", "order_status", {"order_id": "W2378156"}),
        ("where is my last order?", "order_status", {"order_hint": "last"}),
        ("what did I order last?", "order_status", {"order_hint": "last"}),
        ("what did I buy last time?", "order_status", {"order_hint": "last"}),
        ("what was in my last order?", "order_status", {"order_hint": "last"}),
        ("내 주문 어디 있어?", "order_status", {"order_hint": "only"}),
        ("주문 언제 도착해요?", "order_status", {"order_hint": "only"}),
        ("제 택배 어디쯤이에요?", "order_status", {"order_hint": "only"}),
        ("마지막에 뭐 샀지?", "order_status", {"order_hint": "last"}),
        ("주문 #W123 배송 상태 알려줘", "order_status", {"order_id": "#W123"}),
        ("cancel my order", "cancel_order", {"order_hint": "only"}),
        ("please cancel my order", "cancel_order", {"order_hint": "only"}),
        ("can you cancel my order?", "cancel_order", {"order_hint": "only"}),
        ("I want to cancel my order", "cancel_order", {"order_hint": "only"}),
        ("I'd like to cancel my last order please", "cancel_order", {"order_hint": "last"}),
        ("cancel order #W123", "cancel_order", {"order_id": "#W123"}),
        ("could you please cancel order #W2378156", "cancel_order", {"order_id": "#W2378156"}),
        ("cancel #W123", "cancel_order", {"order_id": "#W123"}),
        ("cancel my order because I ordered by mistake", "cancel_order",
         {"order_hint": "only", "reason": "ordered by mistake"}),
        ("cancel order #W1, I no longer need it", "cancel_order", {"order_id": "#W1", "reason": "no longer needed"}),
        ("주문 취소해줘", "cancel_order", {"order_hint": "only"}),
        ("주문 취소하고 싶어요", "cancel_order", {"order_hint": "only"}),
        ("주문 #W123 취소해 주세요", "cancel_order", {"order_id": "#W123"}),
        ("마지막 주문 취소할게요", "cancel_order", {"order_hint": "last"}),
        ("실수로 주문했어요, 주문 취소해 주세요", "cancel_order",
         {"order_hint": "only", "reason": "ordered by mistake"}),
        ("I want to return the boots from my last order", "return_items",
         {"order_hint": "last", "item_hint": "boots"}),
        ("return the boots", "return_items", {"order_hint": "only", "item_hint": "boots"}),
        ("I'd like to send the boots back", "return_items", {"order_hint": "only", "item_hint": "boots"}),
        ("can you return the lamp from order #W9 please", "return_items", {"order_id": "#W9", "item_hint": "lamp"}),
        ("return everything from order #W1", "return_items", {"order_id": "#W1", "item_hint": "all"}),
        ("I want to return my order", "return_items", {"order_hint": "only", "item_hint": "all"}),
        ("지난 주문에서 부츠를 반품하고 싶어요", "return_items", {"order_hint": "last", "item_hint": "부츠"}),
        ("부츠 반품할게요", "return_items", {"order_hint": "only", "item_hint": "부츠"}),
        ("exchange the shoes for size 9", "exchange_items",
         {"order_hint": "only", "item_hint": "shoes", "new_item_hint": "size 9"}),
        ("I want to exchange the shoes from my last order for size 9", "exchange_items",
         {"order_hint": "last", "item_hint": "shoes", "new_item_hint": "size 9"}),
        ("swap the black mug for the white one", "exchange_items",
         {"order_hint": "only", "item_hint": "black mug", "new_item_hint": "the white one"}),
        ("신발을 270으로 교환해 주세요", "exchange_items",
         {"order_hint": "only", "item_hint": "신발", "new_item_hint": "270"}),
        ("send it to another address", "change_order_address",
         {"order_hint": "only", "address_hint": "another address"}),
        ("change the address of my order to 12 Main St, Springfield", "change_order_address",
         {"order_hint": "only", "address_hint": "12 Main St, Springfield"}),
        ("ship order #W12 to my office", "change_order_address", {"order_id": "#W12", "address_hint": "my office"}),
        ("change the delivery address for order #W12", "change_order_address", {"order_id": "#W12"}),
        ("다른 주소로 보내줘", "change_order_address", {"order_hint": "only", "address_hint": "다른 주소"}),
        ("배송지 변경하고 싶어요", "change_order_address", {"order_hint": "only"}),
        ("change the payment method of my order to PayPal", "change_order_payment",
         {"order_hint": "only", "payment_hint": "PayPal"}),
        ("결제 수단 바꿔줘", "change_order_payment", {"order_hint": "only"}),
        ("change the lamp in order #W12 to the brighter one", "change_order_items",
         {"order_id": "#W12", "item_hint": "lamp", "new_item_hint": "the brighter one"}),
        ("show me my account", "view_account", {}), ("what do you know about me?", "view_preferences", {}),
        ("what is my budget?", "view_preferences", {}),
        ("나에 대해 뭘 알아?", "view_preferences", {}), ("내 예산 얼마야?", "view_preferences", {}),
        ("I need help to cancel order #W123", "cancel_order", {"order_id": "#W123"}),
        ("i need assistance cancelling order 732201349959", "cancel_order", {"order_id": "732201349959"}),
        ("help me track order 00123842", "order_status", {"order_id": "00123842"}),
        ("I want to get in touch with customer service", "hand_over", None),
        ("내 정보 보여줘", "view_account", {}),
        ("talk to a person", "hand_over", None), ("I want to speak to a human", "hand_over", None),
        ("can I talk to someone?", "hand_over", None),
        ("human please", "hand_over", None), ("connect me to an agent", "hand_over", None),
        ("customer service please", "hand_over", None),
        ("상담원 연결해줘", "hand_over", None), ("사람이랑 얘기하고 싶어요", "hand_over", None),
    ],
)  # fmt: skip
def test_requests(talk, message: str, tool: str, arguments: Arguments | None) -> None:  # type: ignore[no-untyped-def]
    asked, given = _call(talk(), message)
    assert asked == tool
    assert arguments is None or given == arguments


@pytest.mark.parametrize(
    "message",
    ["can I return boots?", "can I return the boots?", "how do I cancel an order?", "how can I cancel my order?",
     "what is your return policy?",
     "don't cancel my order", "do not cancel my order", "please don't cancel my order", "should I cancel?",
     "should I cancel my order?",
     "if I cancel my order, do I get my money back?", "what happens if I cancel my order?", "can I cancel my order?",
     "may I cancel my order?",
     "is it possible to cancel my order?", "is it too late to cancel my order?", "cancel my order?",
     "why was my order cancelled?",
     "do I have to return the boots?", "I might cancel my order", "maybe I should cancel my order",
     "I'm thinking about cancelling my order",
     "I don't want to cancel my order", "I didn't cancel my order", "how do I return the boots?",
     "how long do I have to return the boots?",
     "what if I return the boots?", "can I exchange the shoes for size 9?", "how do exchanges work?",
     "should I buy the second one?",
     "can I add the second one to my cart?", "how do I add it to my cart?", "don't add it to my cart",
     "don't buy it", "is it worth buying the second one?",
     "should I take the second one?", "how do I check out?", "can I check out as a guest?",
     "how do I place an order?", "when can I place the order?",
     "do you cancel orders for free?", "who can cancel my order?", "tell me how to cancel my order",
     "what's the cancellation policy?",
     "I was wondering if I can cancel my order", "cancel my order if it is late",
     "I would like to know how to return the boots",
     "can I change the address of my order?", "how do I change my address?", "do you ship to another address?",
     "never cancel my order",
     "the email said cancel my order", "is cancelling free?", "return policy", "returns", "is the return free?",
     "will you cancel it if I ask?",
     "before I buy it, is it waterproof?", "stop, don't place the order",
     "would it be better to buy the second one?", "if I buy it, when does it arrive?",
     "what does check out mean?", "can I empty my cart later?", "I may return the boots tomorrow",
     "remind me to cancel my order tomorrow",
     "I don't know how to cancel my order", "I need help understanding how to cancel my order",
     "반품할 수 있나요?", "주문은 어떻게 취소하나요?", "주문 취소하지 마", "주문 취소하지 마세요",
     "취소하면 어떻게 돼요?", "주문 취소할 수 있어요?", "주문을 취소해야 할까요?",
     "반품 정책이 뭐예요?", "부츠 반품 가능한가요?", "주문 취소 방법 알려줘", "두 번째 거 살까요?",
     "이거 담지 마세요", "교환은 어떻게 해요?", "취소하면 환불되나요?",
     "두 번째 거 사도 될까요?", "주문을 취소하려면 어떻게 해요?", "만약 취소하면 수수료가 있어요?",
     "주문 취소 고민 중이에요"],
)  # fmt: skip
def test_asking_about_it_does_nothing(second: Conversation, message: str) -> None:
    understood = second.used("view_cart", items=["h2"]).looked_at("h2").say(message)
    assert understood.call is None, understood
    assert understood.decision is None
    assert understood.then == ()


@pytest.mark.parametrize("message", ["make it three", "change it to 3", "make that three", "three instead",
                                     "I only need three", "just three",
                                     "3개로 바꿔줘", "세 개로 해주세요"])  # fmt: skip
def test_how_many_is_changed_after_adding(second: Conversation, message: str) -> None:
    added = second.used("add_to_cart", "I'll take it", items=["h2"])
    assert _call(added, message) == ("change_cart", {"item_id": "h2", "quantity": 3})


@pytest.mark.parametrize(
    "message", ["remove it", "take it out again", "remove it from my cart", "그거 빼줘", "그거 장바구니에서 빼줘"]
)
def test_what_was_added_is_removed(second: Conversation, message: str) -> None:
    added = second.used("add_to_cart", "I'll take it", items=["h2"])
    assert _call(added, message) == ("remove_from_cart", {"item_id": "h2"})


def test_an_item_of_the_cart_by_its_name_or_place(headphones: Conversation) -> None:
    cart = headphones.used("view_cart", "what's in my cart?", items=["h1", "h4"])
    assert _call(cart, "remove the red headphones") == ("remove_from_cart", {"item_id": "h4"})
    assert _call(cart, "remove the second one") == ("remove_from_cart", {"item_id": "h4"})
    assert cart.say("remove it").unclear is not None


@pytest.mark.parametrize("message", ["cancel it", "please cancel it", "cancel that", "취소해줘", "그거 취소해 주세요"])
def test_the_order_just_told_of(talk, message: str) -> None:  # type: ignore[no-untyped-def]
    told = talk().used("order_status", "where is my order?", orders=["#W77"])
    assert _call(told, message) == ("cancel_order", {"order_hint": "told:#W77"})


def test_an_order_is_called_as_the_shop_calls_it(talk) -> None:  # type: ignore[no-untyped-def]
    listed = talk().used("list_orders", "my orders", orders=["#W77", "#W78"])
    assert _call(listed, "cancel order w78") == ("cancel_order", {"order_id": "#W78"})
    assert _call(listed, "cancel my order") == ("cancel_order", {"order_hint": "only"})
    assert talk().say("cancel it").call is None


def test_a_person_gets_to_read_what_was_said(headphones: Conversation) -> None:
    tool, arguments = _call(headphones, "I want to talk to a person")
    assert tool == "hand_over"
    assert arguments["summary"] == "headphones under $200\nI want to talk to a person"


@pytest.mark.parametrize(
    ("message", "tool", "arguments"),
    [
        ("cancel my pending order, no longer needed", "cancel_order",
         {"order_hint": "only", "reason": "no longer needed"}),
        ("주문 W9001 취소해줘, 실수로 주문했어", "cancel_order", {"order_id": "W9001", "reason": "ordered by mistake"}),
        ("check out with my gift card", "place_order", {"payment_hint": "my gift card"}),
        ("place my order using paypal", "place_order", {"payment_hint": "paypal"}),
        ("pay that order with my visa instead", "change_order_payment",
         {"order_hint": "only", "payment_hint": "my visa"}),
        ("remember that my budget is 150", "set_preference", {"name": "budget_limit", "change": "set", "value": 150.0}),
        ("save my budget as 650", "set_preference", {"name": "budget_limit", "change": "set", "value": 650.0}),
        ("what have I told you about my tastes?", "view_preferences", {}),
    ],
)  # fmt: skip
def test_how_people_put_it(talk, message: str, tool: str, arguments: Arguments) -> None:  # type: ignore[no-untyped-def]
    assert _call(talk(), message) == (tool, arguments)


def test_what_the_turn_before_put_in_the_cart_is_bought_once(talk) -> None:  # type: ignore[no-untyped-def]
    added = talk().searched("headphones", "h1", "h2").used("add_to_cart", "add the first one", items=["h1"])
    assert _call(added, "buy it now") == ("place_order", {})
