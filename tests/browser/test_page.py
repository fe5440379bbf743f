"""The page in a real browser: Debian's Chromium, driven by Playwright."""

import shutil
import threading
import time
import zipfile

import pytest
from made_library import HOSTILE, MadeLibrary

from motext_jax.web.listening import listen
from motext_jax.web.serving import server

playwright = pytest.importorskip(
    "playwright.sync_api", reason="no Playwright, which drives the browser: pip install playwright"
)

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)

pytestmark = pytest.mark.skipif(
    not BROWSER, reason="no browser; on Debian: apt-get install chromium, as .ci/run does"
)

# A machine with other work takes long; nothing is waited for longer than it needs.
PATIENCE = 120_000

WAVE = "day_1/take_004.bvh"
QUERY = "a person is waving with their left hand"


@pytest.fixture(scope="module")
def library():
    return MadeLibrary(takes=30)


@pytest.fixture(scope="module")
def address(library):
    """Where the page is served."""
    with listen("127.0.0.1", 0) as socket:
        serving = server(library, "127.0.0.1")
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [socket]})
        thread.start()
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
        serving.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=BROWSER,
            args=["--no-sandbox", "--disable-gpu"],
            timeout=PATIENCE,
        )
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser, address):
    """Opens an address of the page; at the end its console must be empty."""
    said, contexts = [], []

    def opened(path="/", **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        # Chromium's advice on how the tests look at pixels is none of the page's.
        page.on("console", lambda m: "willReadFrequently" in m.text or said.append(m.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        # Everything comes from the one server.
        page.on("request", lambda r: r.url.startswith((address, "blob:")) or said.append(r.url))
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not said


def until(page, condition, arg=None):
    """Waits for a condition in JavaScript; the page's policy forbids Playwright's own way."""
    end = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(condition, arg):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(50)


def cards(page):
    return page.locator(".answer")


def search(page, query):
    page.get_by_role("searchbox").fill(query)
    page.keyboard.press("Enter")
    wait_for_answers(page, query)


def wait_for_answers(page, title):
    """Waits until a search has ended; the title is that of the new one at once."""
    until(
        page,
        "title => document.title.startsWith(title) && !document.querySelector('#found').ariaBusy",
        arg=title,
    )


def picture(page, selector):
    """The pixels of a canvas, as text."""
    return page.locator(selector).first.evaluate("canvas => canvas.toDataURL()")


def wait_for_a_body(page, selector):
    until(
        page,
        """selector => {
          const canvas = document.querySelector(selector);
          if (!canvas) return false;
          const [x, y] = [canvas.width, canvas.height];
          return canvas.getContext("2d").getImageData(0, 0, x, y).data.some((value) => value);
        }""",
        arg=selector,
    )


def wait_for_motion(page, selector):
    """Waits until the canvas looks otherwise than now."""
    before = picture(page, selector)
    until(
        page,
        "([selector, before]) => document.querySelector(selector).toDataURL() !== before",
        arg=[selector, before],
    )


def test_a_query_is_typed_opened_searched_by_a_span_and_exported(open_page, library, tmp_path):
    page = open_page()
    cards(page).first.wait_for()
    search(page, QUERY)
    first = cards(page).first
    assert first.locator(".open").inner_text() == WAVE
    assert first.locator(".word").inner_text() == "likely"
    assert cards(page).count() == 24
    wait_for_a_body(page, ".answer canvas")
    wait_for_motion(page, ".answer canvas")

    first.locator("canvas").click()
    page.get_by_role("heading", name=WAVE).wait_for()
    assert page.evaluate("document.activeElement.id") == "take-name"
    wait_for_a_body(page, "#stage")
    wait_for_motion(page, "#stage")
    page.locator("#places button").first.wait_for()
    assert page.locator("#from").input_value() == "0.0"

    # The second of the take's two motions, by the mouse.
    line = page.locator("#line")
    line.scroll_into_view_if_needed()
    box = line.bounding_box()
    seconds = library.takes()[4].seconds
    page.mouse.move(box["x"] + box["width"] * 5.5 / seconds, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 6.5 / seconds, box["y"] + 30, steps=3)
    page.mouse.move(box["x"] + box["width"] * 7.4 / seconds, box["y"] + 30, steps=3)
    page.mouse.up()
    assert float(page.locator("#from").input_value()) == pytest.approx(5.5, abs=0.2)
    assert float(page.locator("#to").input_value()) == pytest.approx(7.4, abs=0.2)
    page.get_by_role("button", name="Search by this span").click()
    wait_for_answers(page, "by example")
    # The example itself is no answer; the take's other motion may be.
    assert not [text for text in cards(page).all_inner_texts() if "5.0–7.9 s of 7.9 s" in text]
    assert library.queries[-1].like.start == pytest.approx(5.5, abs=0.2)

    cards(page).nth(0).get_by_role("checkbox").check()
    cards(page).nth(1).get_by_role("checkbox").check()
    assert page.locator("#selected").inner_text() == "2 spans selected"
    page.locator("#format").select_option("npz")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    download.value.save_as(tmp_path / "motions.zip")
    with zipfile.ZipFile(tmp_path / "motions.zip") as file:
        assert len(file.namelist()) == 2 and all(n.endswith(".npz") for n in file.namelist())
    answers, kind = library.written[-1]
    names = cards(page).locator(".open").all_inner_texts()[:2]
    assert kind == "npz" and [answer.file for answer in answers] == names

    # The way back, and forward again.
    page.go_back()
    page.get_by_role("heading", name=WAVE).wait_for()
    page.go_back()
    wait_for_answers(page, QUERY)
    assert page.get_by_role("searchbox").input_value() == QUERY
    page.go_forward()
    page.get_by_role("heading", name=WAVE).wait_for()


def test_an_address_holds_the_whole_state(open_page):
    state = (
        "?query=a+person+turns+left&name=day_1&mirrored=1&take=day_1%2Ftake_008.bvh&at=1.5&span=1-3"
        "&speed=0.5&colours=0&floor=0&turn=40&zoom=2&flipped=1&pick=day_1%2Ftake_004.bvh%400-5"
    )
    page = open_page(f"/{state}")
    page.get_by_role("heading", name="day_1/take_008.bvh").wait_for()
    wait_for_a_body(page, "#stage")
    assert page.get_by_role("searchbox").input_value() == "a person turns left"
    assert page.locator("#selected").inner_text() == "1 span selected"
    assert page.locator("#speed").input_value() == "0.5"
    for name, checked in (("colours", False), ("floor", False), ("flipped", True)):
        assert page.locator(f"#{name}").is_checked() == checked
    assert page.locator("#from").input_value() == "1.0"
    assert page.locator("#filters-set").inner_text().strip() == "(1 set)"
    # A colleague, to whom it is sent, sees the same.
    page.get_by_role("button", name="Pause").click()
    page.locator("#floor").check()
    until(page, "!location.search.includes('floor')")
    other = open_page("/" + page.evaluate("location.search"))
    other.get_by_role("heading", name="day_1/take_008.bvh").wait_for()
    assert other.locator("#floor").is_checked()
    assert other.locator("#flipped").is_checked()


def test_everything_is_reached_by_keys(open_page):
    page = open_page()
    cards(page).first.wait_for()
    page.keyboard.press("/")
    page.keyboard.type(QUERY)
    page.keyboard.press("Enter")
    wait_for_answers(page, QUERY)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "open":
            break
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=WAVE).wait_for()
    wait_for_a_body(page, "#stage")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "stage"
    page.keyboard.press("Space")
    page.get_by_role("button", name="Play", exact=True).wait_for()
    before = picture(page, "#stage")
    page.keyboard.press("ArrowRight")
    assert picture(page, "#stage") != before
    page.keyboard.press("0")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "line":
            break
    page.keyboard.press("Home")
    for _ in range(5):
        page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    for _ in range(2):
        page.keyboard.press("Shift+PageUp")
    line = page.locator("#line")
    assert line.get_attribute("aria-valuetext") == "7.2 of 7.9 seconds, span from 5.2 to 7.2"
    assert line.get_attribute("aria-valuenow") == "7.2"
    page.keyboard.press("Enter")
    wait_for_answers(page, "by example")
    name = cards(page).first.locator(".open").inner_text()
    cards(page).first.locator(".open").press("Enter")
    page.get_by_role("heading", name=name).wait_for()
    page.keyboard.press("Escape")
    until(page, "document.activeElement.className === 'open'")


def test_names_and_captions_of_others_stay_texts(open_page):
    page = open_page("/?query=%26")
    cards(page).first.wait_for()
    plain = HOSTILE.replace("\u202e", "")
    assert cards(page).first.locator(".open").inner_text() == plain
    assert cards(page).first.locator(".caption").inner_text() == "<b>markup</b> & turned"
    cards(page).first.locator(".open").click()
    page.get_by_role("heading", name=plain).wait_for()
    assert page.locator("#take-captions li").first.inner_text() == "<b>markup</b> & turned"
    wait_for_a_body(page, "#stage")
    assert page.locator("main img, main b").count() == 0


def test_readers_of_the_screen_are_told(open_page):
    page = open_page()
    until(page, "document.querySelector('#status').textContent.includes('30 takes')")
    search(page, QUERY)
    until(page, f"document.querySelector('#status').textContent.endsWith('first: {WAVE}')")
    assert page.locator("#status").get_attribute("role") == "status"
    search(page, "zzzz")
    until(page, "document.querySelector('#status').textContent.startsWith('Nothing is found')")
    note = page.locator("#notes p")
    assert note.inner_text() == "Said of 0: “a” with the filter “Not like” “<b>”"
    assert page.locator("#notes").get_attribute("role") == "status"
    search(page, QUERY)
    assert note.count() == 0
    # Every control has a name.
    nameless = page.evaluate(
        """() => {
          const kinds = "button, input, select, #stage, .answer canvas, [role=slider]";
          const named = (e) => e.textContent.trim() || e.labels?.length || e.ariaLabel
            || e.getAttribute("aria-labelledby");
          return [...document.querySelectorAll(kinds)]
            .filter((e) => e.checkVisibility() && !named(e)).map((e) => e.outerHTML);
        }"""
    )
    assert nameless == []


def test_a_take_without_what_is_asked_says_so(open_page):
    page = open_page(f"/?take={WAVE}&query=zebra")
    page.get_by_text("At no place.").wait_for()
    assert not page.locator("#places button").count()
    page.goto(page.url.replace("zebra", QUERY))
    page.locator("#places button").first.wait_for()
    assert page.get_by_text("At no place.").is_hidden()


def test_a_span_for_which_the_address_has_no_room_is_not_selected(open_page):
    page = open_page(f"/?take={WAVE}&span=0-3&query={'走' * 890}")
    page.get_by_role("button", name="Select this span").click()
    page.get_by_text("would be too long; ask with fewer words").wait_for()
    assert page.locator("#selection").is_hidden()
    page.goto(page.url.replace("%E8%B5%B0" * 90, ""))
    page.get_by_role("button", name="Select this span").click()
    page.get_by_text("1 span selected").wait_for()


def test_filters_and_examples(open_page, library):
    page = open_page()
    example = page.locator("#examples button").nth(1)
    caption = example.inner_text()
    example.click()
    wait_for_answers(page, caption)
    asked = page.get_by_role("searchbox").input_value()
    assert asked in {caption for take in library.takes() for caption in take.captions}
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("The file's name contains").fill("day_2")
    page.keyboard.press("Enter")
    until(
        page,
        "[...document.querySelectorAll('.open')].every((e) => e.textContent.includes('day_2'))",
    )
    page.get_by_label("Also mirror images").check()
    until(page, "location.search.includes('mirrored=1')")
    page.get_by_text("as its mirror image").first.wait_for()
    page.get_by_role("button", name="Clear the filters").click()
    until(
        page,
        "![...document.querySelectorAll('.open')].every((e) => e.textContent.includes('day_2'))",
    )


def test_more_like_this_and_more_answers(open_page, library):
    page = open_page(f"/?query={QUERY.replace(' ', '+')}")
    wait_for_answers(page, QUERY)
    cards(page).nth(1).get_by_role("button", name="More like this").click()
    wait_for_answers(page, "by example")
    page.locator("#like-name").wait_for()
    assert page.evaluate("document.activeElement.id") == "unlike"
    page.get_by_role("button", name="Remove the example").click()
    until(page, "document.querySelector('#like').hidden")
    until(page, "document.querySelectorAll('.answer').length === 24")
    page.get_by_role("button", name="More answers").click()
    until(page, "document.querySelectorAll('.answer').length === 30")
    until(page, "document.activeElement.className === 'open'")


def test_a_phones_width_needs_no_sideways_scrolling(open_page):
    page = open_page(
        f"/?query={QUERY.replace(' ', '+')}&pick=day_1%2Ftake_004.bvh%400-5",
        viewport={"width": 340, "height": 700},
    )
    cards(page).first.wait_for()
    page.get_by_text("Filters", exact=True).click()
    wide = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(wide)
    cards(page).first.locator(".open").click()
    page.get_by_role("heading", name=WAVE).wait_for()
    assert page.evaluate(wide)


def test_nobody_is_moved_who_asks_for_calm(open_page):
    page = open_page("/?query=walk", reduced_motion="reduce")
    wait_for_a_body(page, ".answer canvas")
    assert page.locator("#still").get_attribute("aria-pressed") == "true"
    before = picture(page, ".answer canvas")
    time.sleep(0.5)
    assert picture(page, ".answer canvas") == before
    page.get_by_role("button", name="Hold still").click()
    wait_for_motion(page, ".answer canvas")


def test_a_refusal_is_shown(browser, address):
    """Apart from the others, for a browser itself logs a status of failure."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/?query=walk&longer=abc")
    page.get_by_role("alert").wait_for()
    assert page.get_by_role("alert").inner_text() == "Longer='abc': expected a number from 0"
    page.goto(f"{address}/?take=%2Fetc%2Fpasswd")
    page.get_by_text("no take of this library").wait_for()
    # No frame stands empty below it, and the next take has one.
    assert not page.locator("#stage").is_visible() and not page.locator("#line").is_visible()
    page.get_by_role("button", name="Back to the takes").click()
    page.locator(".answer .open").first.click()
    page.locator("#stage").wait_for()
    page.close()


def test_a_mirrored_answer_stays_mirrored(open_page, library):
    page = open_page(f"/?query={QUERY.replace(' ', '+')}&mirrored=1")
    wait_for_answers(page, QUERY)
    mirrored = cards(page).filter(has_text="as its mirror image").first
    name = mirrored.locator(".open").inner_text()
    mirrored.locator(".open").click()
    page.get_by_role("heading", name=name).wait_for()
    until(page, "document.querySelector('#line-name').textContent.includes('similarity')")
    assert library.curves[-1] == (name, True)
    page.locator("#flipped").uncheck()
    until(page, "document.querySelector('#line-name').textContent.includes('similarity')")
    end = time.monotonic() + PATIENCE / 1000
    while library.curves[-1] != (name, False):
        assert time.monotonic() < end
        page.wait_for_timeout(50)
    page.locator("#flipped").check()
    page.get_by_role("button", name="Search by this span").click()
    wait_for_answers(page, "by example")
    assert library.queries[-1].like.mirrored

    page = open_page(f"/?query={QUERY.replace(' ', '+')}&mirrored=1")
    wait_for_answers(page, QUERY)
    mirrored = cards(page).filter(has_text="as its mirror image").first
    mirrored.get_by_role("button", name="More like this").click()
    wait_for_answers(page, "by example")
    assert library.queries[-1].like.mirrored
    assert page.locator("#like-name").inner_text().endswith("s, mirrored")
    # A colleague, to whom it is sent, asks the same.
    open_page("/" + page.evaluate("location.search")).locator("#like-name").wait_for()
    assert library.queries[-1].like.mirrored


def test_no_examples_stand_above_a_take(open_page):
    page = open_page(f"/?query=walk&take={WAVE.replace('/', '%2F')}")
    page.get_by_role("heading", name=WAVE).wait_for()
    until(page, "document.querySelectorAll('#examples button').length > 0")
    assert not page.locator("#examples").is_visible()


def test_examples_that_are_not_there_yet_are_asked_for_again(browser, address):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    asked = []

    def answer(route):
        about = route.fetch().json()
        asked.append(about["examples"])
        route.fulfill(json={**about, "examples": None if len(asked) == 1 else about["examples"]})

    page.route("**/api/library", answer)
    page.goto(address)
    until(page, "document.querySelectorAll('#examples button').length > 0")
    assert len(asked) == 2
    assert page.locator("#examples button").count() == len(asked[1])
    page.close()
