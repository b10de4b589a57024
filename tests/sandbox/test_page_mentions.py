"""Mentions and ranks on the chat page."""

import json

import pytest
from playwright.async_api import expect

from dreambot.sandbox.permissions import Permission
from tests.sandbox.browser import PageEnv

pytestmark = pytest.mark.chromium


async def test_a_mention_is_selected_by_keyboard(page_env: PageEnv) -> None:
    page = await page_env.open()
    offers = page.get_by_role("listbox", name="Suggestions")
    await page.locator("#text").press_sequentially("hello @")
    await expect(offers.get_by_role("option")).to_have_count(4)
    await expect(offers.get_by_role("option").first).to_contain_text("dreambot")
    await page.locator("#text").press_sequentially("gr")
    await expect(offers.get_by_role("option")).to_have_count(1)
    await page.press("#text", "Enter")
    await expect(page.locator("#text")).to_have_value("hello @Grace ")
    await expect(offers).to_be_hidden()
    await expect(page.locator(".mark-mention")).to_have_text("@Grace")
    await page.press("#text", "Enter")
    await expect(page.locator(".message").last.locator(".mention")).to_have_text("@Grace")
    (message,) = page_env.memes.messages
    assert message.content == f"hello <@{page_env.grace.id}>"
    assert [user.id for user in message.model.mentions] == [page_env.grace.id]


async def test_a_mention_is_selected_by_touch(page_env: PageEnv) -> None:
    page = await page_env.open(width=390, height=844, touch=True)
    await page.locator("#text").press_sequentially("@")
    await page.get_by_role("option", name="dreambot").tap()
    await expect(page.locator("#text")).to_have_value("@dreambot ")
    await page.locator("#text").press_sequentially("mixed4 9")
    await page.get_by_role("button", name="Send").tap()
    await expect(page.locator(".message").last).to_contain_text("@dreambot mixed4 9")
    assert page_env.memes.messages[0].content == f"<@{page_env.sandbox.bot_id}> mixed4 9"


async def test_typed_and_pasted_names_are_mentions(page_env: PageEnv) -> None:
    lou, mary = page_env.guild.add_member("Ada Lou"), page_env.guild.add_member("Mary Ann")
    bot, ada, grace = (f"<@{one}>" for one in (page_env.sandbox.bot_id, page_env.ada.id, page_env.grace.id))
    page = await page_env.open()
    for typed, sent in {
        "@dreambot mixed4 9": f"{bot} mixed4 9",
        "@DreamBot, @ada: (@Grace)!": f"{bot}, {ada}: ({grace})!",
        "@Ada Lou and @Mary Ann's": f"<@{lou.id}> and <@{mary.id}>'s",
        "**@grace** _@ada_": f"**{grace}** _{ada}_",
        "@dreambotお願い": f"{bot}お願い",
        "@Adam @gracefully @ @nobody me@ada.org": "@Adam @gracefully @ @nobody me@ada.org",
        "`@ada` ```\n@grace\n``` \\@ada": "`@ada` ```\n@grace\n``` \\@ada",
        "https://example.com/@ada?x=@grace": "https://example.com/@ada?x=@grace",
        f"{ada} raw": f"{ada} raw",
    }.items():
        await page.fill("#text", typed)
        await page.press("#text", "Escape")
        await page.press("#text", "Enter")
        await expect(page.locator("#text")).to_have_value("")
        assert page_env.memes.messages[-1].content == sent


async def test_roles_are_mentioned(page_env: PageEnv) -> None:
    painters = page_env.guild.add_role("painters", mentionable=True)
    painters.give(page_env.ada)
    page_env.guild.add_role("secret")
    page = await page_env.open()
    offers = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await page.locator("#text").press_sequentially("@")
    await expect(offers).to_have_count(5)
    await page.keyboard.press("ArrowUp")
    await expect(offers.last).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Tab")
    await expect(page.locator("#text")).to_have_value("@painters ")
    await page.locator("#text").press_sequentially("look, @secret")
    await page.keyboard.press("Enter")
    message = page.locator(".message").last
    await expect(message.locator(".mention-me")).to_have_text("@painters")
    await expect(message).to_contain_class("mentions-me")
    (post,) = page_env.memes.messages
    assert post.content == f"{painters.mention} look, @secret"
    assert post.model.mention_roles == [painters.id]
    await page.press("#text", "ArrowUp")
    await expect(page.locator("#text")).to_have_value("@painters look, @secret")


async def test_users_with_the_same_name_are_distinguished(page_env: PageEnv) -> None:
    other = page_env.guild.add_member("Grace")
    page = await page_env.open()
    await page.fill("#text", "@grace")
    offers = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await expect(offers).to_have_count(2)
    await offers.last.click()
    await page.press("#text", "Enter")
    await expect(page.locator(".message").last.locator(".mention")).to_have_text("@Grace")
    assert page_env.memes.messages[-1].content in (f"<@{other.id}>", f"<@{page_env.grace.id}>")


async def test_members_for_an_option_are_found_by_mention(page_env: PageEnv) -> None:
    command = {
        "name": "greet",
        "description": "Greet",
        "options": [{"type": 6, "name": "who", "description": "Who"}],
    }
    page = await page_env.open()
    headers = {"Authorization": f"Bot {page_env.sandbox.bot_token}", "Content-Type": "application/json"}
    url = f"{page_env.sandbox.api}/applications/{page_env.sandbox.bot_id}/commands"
    await page.request.put(url, headers=headers, data=json.dumps([command]))
    await page.fill("#text", "/greet who:@gra")
    offers = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await expect(offers).to_have_text(["Grace"])


async def test_ranks_are_shown_in_the_switcher_and_at_names(page_env: PageEnv) -> None:
    page_env.guild.add_role("moderators", permissions=Permission.MANAGE_MESSAGES).give(page_env.grace)
    await page_env.grace.post(page_env.memes, "rules")
    await page_env.ada.post(page_env.memes, "yes")
    page = await page_env.open()
    await expect(page.get_by_label("You are a member")).to_have_value(str(page_env.ada.id))
    await expect(page.locator('#you optgroup[label="Members"]')).to_have_text("Ada")
    await expect(page.locator('#you optgroup[label="Moderators"]')).to_have_text("Grace")
    await expect(page.locator(".message").first.locator(".byline")).to_contain_text("moderator")
    await expect(page.locator(".message").last.locator(".byline")).not_to_contain_text("member")
    await page.get_by_role("button", name="Grace", exact=True).last.click()
    profile = page.locator(".profile")
    await expect(profile).to_contain_text("@grace · moderator")
    await expect(profile).to_contain_text("Roles: moderators")
    await page.keyboard.press("Escape")
    await page.select_option("#you", label="Grace")
    await expect(page.locator("#you-label")).to_have_text("You are a moderator")


async def test_commands_for_moderators_are_explained(page_env: PageEnv) -> None:
    command = {"name": "settings", "description": "Settings", "default_member_permissions": "32"}
    page = await page_env.open()
    headers = {"Authorization": f"Bot {page_env.sandbox.bot_token}", "Content-Type": "application/json"}
    url = f"{page_env.sandbox.api}/applications/{page_env.sandbox.bot_id}/commands"
    await page.request.put(url, headers=headers, data=json.dumps([command]))
    await page.fill("#text", "/settings")
    await page.press("#text", "Enter")
    await expect(page.locator(".write-error")).to_contain_text("“/settings” is for moderators.")
