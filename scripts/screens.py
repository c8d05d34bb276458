"""Take the pictures that `docs/tour.md` shows anew: `make screens`.

The demo's clock stands still at the time of each picture, so the same code gives the same picture. Give names of
pictures to take only those.
"""

from __future__ import annotations

import base64
import re
import shutil
import socket
import struct
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from cartway.aftercare.plan import Place, card, care_plan
from cartway.exchange.plan import card_picture, plan_pictures
from cartway.pathway.course import CENTER, Course
from cartway.problem import Problem
from cartway.record import Log
from cartway.times import HOUR, Instant, parse, text
from cartway.toxicity import by_course, load_rules
from cartway.web.app import create_app
from cartway.web.demo.arrivals import OPENS, Supply
from cartway.web.demo.clock import DemoClock
from cartway.web.demo.examples import after_facts
from cartway.web.demo.opening import build_ward
from cartway.web.demo.replay import Stories
from cartway.web.demo.stage import PHONE as PHONE_OF_DEMO
from cartway.web.demo.stage import START, Stage, build, open_stage, replay
from cartway.web.downtime.folder import prepare
from cartway.web.downtime.keep import Keeper
from cartway.web.office import Office, open_office

VIRTUAL, SEED = 40, 1  # courses on the ward of the twin, and its seed
MORNING = text(OPENS + 6 * HOUR)
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LARGEST = 200_000  # bytes
PATIENCE_MS = 30_000
WIDE, MONITOR, TABLET, PHONE = (1280, 860), (1920, 1080), (820, 1180), (390, 844)
TALL = (1280, 3000)  # the bar that stays on top would cover a part that is scrolled to
PAPER, ACROSS = (718, 1047), (1055, 718)  # A4 less its margins, at 96 pixels an inch

# Decodes a PNG: its width, height, and pixels in base64, four bytes each.
PIXELS = """async (png) => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height), context = canvas.getContext('2d');
  context.drawImage(picture, 0, 0);
  const bytes = context.getImageData(0, 0, picture.width, picture.height).data;
  const parts = [];
  for (let at = 0; at < bytes.length; at += 32768) parts.push(String.fromCharCode(...bytes.subarray(at, at + 32768)));
  return [picture.width, picture.height, btoa(parts.join(''))];
}"""

Act = Callable[[Page], None]


class Shot(NamedTuple):
    """One picture: who looks at which page when. `part`: of this element only. `full`: the whole page, not the screen.

    `act` is what they do before it is taken. `pack`: this file of the downtime pack, with no server. `many`: of the
    twin's ward. `speaks`: the language of the browser. `sheet`: this page of a care plan on paper: course, reader,
    language, number.
    """

    name: str
    at: str
    who: str
    path: str
    size: tuple[int, int] = WIDE
    dark: bool = False
    full: bool = False
    paper: bool = False
    part: str = ""
    act: Act | None = None
    status: int = 200
    pack: str = ""
    many: bool = False
    speaks: str = "en-GB"
    sheet: str = ""


def _break_in(page: Page) -> None:
    page.locator("textarea, input[name=reason]").first.fill(
        "On call tonight, asked to see somebody who cannot be woken."
    )


def _ice(page: Page) -> None:
    """All is right so far but the city."""
    for point in ("year", "month", "hospital", "object_1", "object_2", "object_3"):
        page.locator(f"label:has(input[name={point}][value=yes])").click()
    page.locator("label:has(input[name=city][value=no])").click()
    page.mouse.move(0, 0)


def _wrong_bag(page: Page) -> None:
    """The wristband is right; the bag is another patient's."""
    for code in ("DEMO-2111", "BAG-088-1"):
        page.locator("#scan").fill(code)
        with page.expect_navigation():
            page.keyboard.press("Enter")


def _answer(page: Page) -> None:
    """Is tocilizumab given, as the protocol says?"""
    page.get_by_role("link", name=re.compile("decline ?: Tocilizumab")).first.click()
    page.wait_for_url(lambda url: "protocol-answer" in url)


def _outcome(page: Page) -> None:
    page.get_by_role("link", name="What became of it").first.click()
    page.wait_for_url(lambda url: "alert-outcome" in url)


def _history(page: Page) -> None:
    """What happened, and who saw what."""
    page.locator("main summary").first.click()


def _fever(page: Page) -> None:
    """A fever is typed: what to do stands there before anything is sent."""
    page.locator("[name=temperature]").fill("101.3")


def _speech(page: Page) -> None:
    page.locator("[name=symptom][value=speech]").check()


def _offline(page: Page) -> None:
    """Chills on a train: nothing gets through, and the page says so."""
    page.evaluate("navigator.serviceWorker.ready")
    page.context.set_offline(True)
    page.locator("#diary details summary").click()
    page.locator("[name=symptom][value=chills]").check()
    page.locator("#diary .send button").click()
    page.locator("#waiting").wait_for(state="visible")


ONE = "/courses/05-tocilizumab"
MISTYPED = "/courses/01-uneventful"
ROUND, MORNING = "2026-03-16T14:00Z", "2026-03-17T08:00Z"
HER, HIS, LATER = "/my/a01", "/my/p10", "2026-03-15T14:00Z"
MEXICO = "es-MX"
RINGS, SEIZURE = "2026-03-15T03:05Z", "2026-03-15T22:00Z"
SHOTS = (
    Shot("sign-in", "2026-03-14T23:00Z", "", "/sign-in", full=True),
    Shot("board-before", "2026-03-14T23:00Z", "mei", "/board"),
    Shot("board-mistyped", "2026-03-15T00:30Z", "mei", "/board"),
    Shot("course-mistyped", "2026-03-15T01:10Z", "mei", MISTYPED),
    Shot("course-known-at", "2026-03-15T01:10Z", "mei", f"{MISTYPED}?known_at=2026-03-15T00:30:00%2B00:00"),
    Shot("board", "2026-03-15T03:05Z", "mei", "/board"),
    Shot("board-dark", "2026-03-15T04:12Z", "mei", "/board", dark=True),
    Shot("board-monitor", "2026-03-15T04:12Z", "mei", "/board", size=MONITOR),
    Shot("board-tablet", "2026-03-15T04:12Z", "mei", "/board", size=TABLET),
    Shot("board-coded", "2026-03-15T04:12Z", "ingrid", "/board"),
    Shot("board-print", "2026-03-15T04:12Z", "mei", "/board", size=ACROSS, paper=True),
    Shot("course", "2026-03-15T06:00Z", "mei", ONE),
    Shot("course-dark", "2026-03-15T06:00Z", "mei", ONE, dark=True),
    Shot("course-tablet", "2026-03-15T06:00Z", "mei", ONE, size=TABLET),
    Shot("course-print", "2026-03-15T06:00Z", "mei", ONE, size=PAPER, paper=True),
    Shot("course-why", "2026-03-15T06:00Z", "amara", f"{ONE}/why"),
    Shot("course-timeline", "2026-03-15T06:00Z", "mei", f"{MISTYPED}/timeline"),
    Shot("course-readings", "2026-03-15T06:00Z", "mei", f"{ONE}/readings"),
    Shot("course-excused", "2026-03-15T06:00Z", "amara", "/courses/09-airway"),
    Shot("form-vitals", "2026-03-15T06:00Z", "mei", f"{ONE}/chart-vitals", size=TABLET),
    Shot("form-ice", "2026-03-15T06:00Z", "mei", f"{ONE}/chart-ice", size=TABLET, act=_ice),
    Shot("form-capd", "2026-03-15T06:00Z", "mei", "/courses/10-child/chart-capd", size=TABLET),
    Shot("form-oxygen", "2026-03-15T06:00Z", "mei", f"{ONE}/chart-oxygen", size=TABLET),
    Shot("form-drug", "2026-03-15T06:00Z", "mei", f"{ONE}/give-drug", size=TABLET),
    Shot("form-attribution", "2026-03-15T06:00Z", "amara", f"{ONE}/attribute", size=TABLET),
    Shot("form-correct", "2026-03-15T06:00Z", "mei", "", size=TABLET),
    Shot("break-glass", "2026-03-15T06:00Z", "jonas", "/courses/09-airway", act=_break_in, status=403),
    Shot("teams", "2026-03-15T06:00Z", "rosario", "/teams"),
    Shot("accounts", "2026-03-15T06:00Z", "kwame", "/accounts"),
    Shot("access-log", "2026-03-15T06:00Z", "kwame", "/access-log"),
    Shot("patient", "2026-03-15T06:00Z", "teodor", "/my", size=TABLET),
    Shot("programme", ROUND, "rosario", "/programme", size=MONITOR),
    Shot("programme-dark", ROUND, "rosario", "/programme", dark=True),
    Shot("programme-tablet", ROUND, "amara", "/programme", size=TABLET),
    Shot("road", ROUND, "rosario", "/courses/p10/pathway", full=True),
    Shot("road-again", ROUND, "rosario", "/courses/p08/pathway"),
    Shot("referral", ROUND, "rosario", "/referrals", size=TABLET),
    Shot("candidacy", ROUND, "amara", "/courses/p04/candidacy"),
    Shot("candidacy-products", ROUND, "amara", "/courses/p04/candidacy", size=TALL, part="section:has(> #products)"),
    Shot("candidacy-dark", ROUND, "amara", "/courses/p02/candidacy", dark=True),
    Shot("candidacy-print", ROUND, "amara", "/courses/p04/candidacy", size=PAPER, paper=True, full=True),
    Shot("trials", ROUND, "amara", "/courses/p04/trials"),
    Shot("centers", ROUND, "rosario", "/centers"),
    Shot("slots", ROUND, "rosario", "/plan"),
    Shot("chain", ROUND, "priya", "/courses/p10/chain"),
    Shot("chain-missing", ROUND, "priya", "/courses/p08/chain", dark=True),
    Shot("chain-broken", ROUND, "priya", "/courses/p13/chain"),
    Shot("manufacture", ROUND, "youssef", "/courses/p07/manufacture"),
    Shot("lymphodepletion", ROUND, "mei", "/courses/p10/conditioning"),
    Shot("go-no-go", ROUND, "amara", "/courses/p10/go-no-go?change=lymphodepletion", size=TABLET),
    Shot("infusion-day", MORNING, "mei", "/courses/p11/infusion-day", size=TABLET),
    Shot("scan", MORNING, "mei", "/courses/p11/scan?step=bedside&container=BAG-081-1", size=TABLET),
    Shot(
        "scan-stop", MORNING, "mei", "/courses/p11/scan?step=bedside&container=BAG-081-1", size=TABLET, act=_wrong_bag
    ),
    Shot("alerts", RINGS, "mei", "/alerts"),
    Shot("alerts-phone", RINGS, "mei", "/alerts", size=PHONE),
    Shot("alerts-dark", RINGS, "amara", "/alerts", dark=True),
    Shot("acknowledge", RINGS, "amara", f"{ONE}/acknowledge?change=cytokine_release", size=TABLET),
    Shot("course-alerts", "2026-03-15T03:50Z", "mei", f"{ONE}/alerts", act=_history, full=True),
    Shot("outcome", ROUND, "amara", f"{ONE}/alerts", size=TABLET, act=_outcome),
    Shot("burden", ROUND, "amara", "/alerts/burden"),
    Shot("due", RINGS, "mei", "/due"),
    Shot("due-course", RINGS, "mei", f"{ONE}/due", dark=True),
    Shot("handover", "2026-03-15T06:30Z", "mei", "/handover"),
    Shot("handover-print", "2026-03-15T06:30Z", "mei", "/handover", size=PAPER, paper=True, full=True),
    Shot("protocol", "2026-03-15T06:00Z", "amara", f"{ONE}/protocol", size=(1280, 2000)),
    Shot("protocol-icans", SEIZURE, "amara", "/courses/08-seizure/protocol", size=(1280, 1680), dark=True),
    Shot("protocol-answer", "2026-03-15T06:00Z", "amara", f"{ONE}/protocol", size=TABLET, act=_answer),
    Shot("scores", "2026-03-15T06:00Z", "amara", f"{ONE}/scores", full=True),
    Shot("downtime", "2026-03-15T06:30Z", "", "", pack="index.html"),
    Shot("downtime-course", "2026-03-15T06:30Z", "", "", size=TABLET, pack="courses/05-tocilizumab.html"),
    Shot("board-forty", MORNING, "mei", "/board", size=MONITOR, many=True),
    Shot("forecast", "2026-03-15T06:00Z", "amara", f"{ONE}/forecast?work=1", full=True),
    Shot("forecast-calibration", "2026-03-15T06:00Z", "amara", f"{ONE}/forecast/calibration", dark=True, full=True),
    Shot("board-end", "2026-03-18T10:00Z", "mei", "/board"),
    Shot("my-wait", LATER, "silvan", HIS, size=PHONE),
    Shot("my-home", LATER, "graciela", HER, size=PHONE),
    Shot("my-home-spanish", LATER, "graciela", HER, size=PHONE, speaks=MEXICO, dark=True),
    Shot("my-today", LATER, "graciela", f"{HER}/today", size=PHONE, act=_fever),
    Shot("my-today-offline", LATER, "graciela", f"{HER}/today", size=PHONE, speaks=MEXICO, act=_offline),
    Shot("urgent", LATER, "graciela", "/urgent", size=PHONE, act=_speech),
    Shot("my-feel", LATER, "graciela", f"{HER}/feel", size=PHONE),
    Shot("my-plan", LATER, "graciela", f"{HER}/plan", size=PHONE),
    Shot("my-team", LATER, "graciela", f"{HER}/team", size=PHONE),
    Shot("read", LATER, "graciela", "/read", size=PHONE),
    Shot("read-spanish", LATER, "graciela", "/read/crs", size=PHONE, speaks=MEXICO),
    Shot("response", LATER, "amara", "/courses/a01/response", full=True),
    Shot("response-myeloma", LATER, "amara", "/courses/a02/response", dark=True),
    Shot("response-scan", LATER, "amara", "/courses/a01/response/scan", size=TABLET),
    Shot("aftercare", LATER, "amara", "/aftercare"),
    Shot("aftercare-course", LATER, "amara", "/courses/a01/aftercare", size=(1280, 2000)),
    Shot("care-plan", LATER, "amara", "/courses/a01/care-plan"),
    Shot("my-readers", LATER, "graciela", f"{HER}/readers", size=PHONE),
    Shot("care-plan-paper", LATER, "", "", sheet="a01 patient en 0"),
    Shot("care-plan-paper-spanish", LATER, "", "", sheet="a03 patient es 0"),
    Shot("care-plan-physician", LATER, "", "", sheet="a02 physician en 0"),
    Shot("wallet-card", LATER, "", "", sheet="a01 card en 0"),
)


class Theater:
    """The demo, served in this process, with its clock in our hands."""

    def __init__(self, stories: Stories, log: Log, clock: DemoClock, office: Office, address: str) -> None:
        self._stories, self._record, self._clock, self._office = stories, log, clock, office
        self.address = address

    def write_pack(self, folder: Path) -> None:
        """The downtime pack as of now."""
        assert prepare(folder) is None
        with open_office(self._office.config) as office:
            Keeper(office, office.log, folder).write()

    def go(self, at: Instant) -> None:
        """On to a time: what was known by then is recorded, and every page would say so."""
        self._clock.set(at)
        self._stories.tell(self._record, at)
        _until(lambda: self._office.ward.position == self._record.position())
        time.sleep(0.7)  # and one more look, for what time alone changes

    def newest(self, course: str, what: str) -> int:
        """The position of the newest fact of a variable."""
        return max(fact.position for fact in self._record.facts(course) if fact.what == what)


def _staged(folder: Path, *, many: bool) -> tuple[Stage, Stories]:
    if many:
        return build_ward(folder, Supply(SEED, VIRTUAL), 0, lambda _: None)
    stories = replay()
    return build(folder, stories, start=START), stories


@contextmanager
def theater(*, many: bool = False) -> Iterator[Theater]:
    """A demo to take pictures of; `many`: the ward of the twin."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        stage, stories = _staged(Path(folder), many=many)
        clock = DemoClock(stage.clock)
        app = create_app(stage.config(clock))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        _until(lambda: server.started)
        try:
            with open_stage(stage) as log:
                address = f"http://127.0.0.1:{listener.getsockname()[1]}"
                yield Theater(stories, log, clock, app.state.office, address)
        finally:
            server.should_exit = True
            thread.join(10)


def take(theater: Theater, browser: Browser, shots: Sequence[Shot], folder: Path, packs: Path) -> list[str]:
    """Take pictures in the order of the story; what went wrong, a line each. Of a pack they are taken later."""
    wrong: list[str] = []
    for at, group in groupby(sorted(shots, key=lambda shot: parse(shot.at)), key=lambda shot: parse(shot.at)):
        theater.go(at)
        for shot in group:
            if shot.sheet:
                continue
            if shot.pack:
                theater.write_pack(packs)
                continue
            with _looking(browser, shot) as context:
                wrong += [f"{shot.name}: {reason}" for reason in _taken(theater, context, shot, folder)]
    return wrong


def take_packs(browser: Browser, shots: Sequence[Shot], folder: Path, packs: Path) -> list[str]:
    """Pictures of the downtime pack: files in a folder, when no server runs any more."""
    wrong: list[str] = []
    for shot in shots:
        with _looking(browser, shot) as context:
            page = context.new_page()
            page.goto((packs / shot.pack).as_uri())
            wrong += [f"{shot.name}: {reason}" for reason in _kept(context, page, shot, folder)]
    return wrong


@contextmanager
def _looking(browser: Browser, shot: Shot) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]},
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
        locale=shot.speaks,
        timezone_id="UTC",
    )
    yield context
    context.close()


def _taken(theater: Theater, context: BrowserContext, shot: Shot, folder: Path) -> list[str]:
    """Take one picture; why it could not be taken, or is not as it should be."""
    try:
        return list(_take(theater, context, shot, folder))
    except BrowserError as failure:
        return [failure.message.splitlines()[0]]


def _take(theater: Theater, context: BrowserContext, shot: Shot, folder: Path) -> Iterator[str]:
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    failed: list[str] = []
    page.on("response", lambda response: failed.append(response.url) if response.status >= 500 else None)
    if shot.who:
        page.goto(f"{theater.address}/demo/sign-in")
        page.locator(f"button[name=who][value={shot.who}]").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
    path = shot.path or f"{MISTYPED}/facts/{theater.newest('01-uneventful', 'heart_rate')}/correct"
    answer = page.goto(theater.address + path)
    if answer is None or answer.status != shot.status or (shot.who and "sign-in" in page.url):
        yield f"{path} answered {answer.status if answer else 'nothing'} and led to {page.url}"
        return
    if shot.paper:
        page.emulate_media(media="print")
    if shot.act:
        shot.act(page)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(2500 if path == "/board" else 400)  # charts are drawn and the stream heard after the page
    yield from _kept(context, page, shot, folder)
    yield from (f"{url} failed" for url in failed)


def _kept(context: BrowserContext, page: Page, shot: Shot, folder: Path) -> Iterator[str]:
    """Write the picture of a page as it is; what is wrong with it."""
    if shot.part:
        taken = page.locator(shot.part).first.screenshot(animations="disabled")
    else:
        taken = page.screenshot(full_page=shot.full, animations="disabled", caret="hide")
    small = shrunk(context.new_page(), taken, 128 if shot.many else 256)
    (folder / f"{shot.name}.png").write_bytes(small)
    if len(small) > LARGEST:
        yield f"{len(small) // 1000} KB, more than {LARGEST // 1000}"


def shrunk(blank: Page, png: bytes, shades: int = 256) -> bytes:
    """A picture with its commonest colors, all others as the nearest of those: a third of the size.

    The browser decodes it, which spares us a library for pictures.
    """
    width, height, pixels = blank.evaluate(PIXELS, base64.b64encode(png).decode())
    rgba = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(-1, 4)[:, :3].astype(np.int32)
    coded = rgba @ np.array([65536, 256, 1], np.int32)
    colors, index, counts = np.unique(coded, return_inverse=True, return_counts=True)
    parts = np.stack(np.unravel_index(colors, (256, 256, 256)), axis=1)
    weight = counts * (1 + np.ptp(parts, axis=1) / 4)  # what is colored says something: it is kept before a gray
    kept = np.sort(np.argsort(-weight, kind="stable")[:shades])
    nearest = np.array([np.argmin(np.abs(parts[kept] - color).sum(axis=1)) for color in parts], np.uint8)
    lines = np.zeros((height, width + 1), np.uint8)  # each line begins with its filter: none
    lines[:, 1:] = nearest[index].reshape(height, width)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)  # eight bits, by a palette
    palette = parts[kept].astype(np.uint8).tobytes()
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, "the demo does not get where the picture is to be taken"
        time.sleep(0.02)


def _all(browser: Browser, chosen: Sequence[Shot], folder: Path, packs: Path) -> list[str]:
    wrong: list[str] = []
    for many, group in groupby(sorted(chosen, key=lambda shot: shot.many), key=lambda shot: shot.many):
        with theater(many=many) as stage:
            wrong += take(stage, browser, list(group), folder, packs)
    wrong += take_sheets(browser, [shot for shot in chosen if shot.sheet], folder)
    return wrong + take_packs(browser, [shot for shot in chosen if shot.pack], folder, packs)


def take_sheets(browser: Browser, shots: Sequence[Shot], folder: Path) -> list[str]:
    """Pages of care plans as they come out of the printer; what is wrong with them."""
    wrong = []
    for shot in shots:
        context = browser.new_context()
        small = shrunk(context.new_page(), _sheet(shot), 64)
        context.close()
        (folder / f"{shot.name}.png").write_bytes(small)
        wrong += [f"{shot.name}: {len(small) // 1000} KB"] if len(small) > LARGEST else []
    return wrong


def _sheet(shot: Shot) -> bytes:
    course, reader, language, number = shot.sheet.split()
    now, told = parse(shot.at), by_course(after_facts())
    of_course, center = (Course(told[name], now) for name in (course, CENTER))
    place = Place("US", "Cartway", PHONE_OF_DEMO, UTC, load_rules())
    if reader == "card":
        found = card(of_course, center, place, language)  # type: ignore[arg-type]
        drawn = found if isinstance(found, Problem) else card_picture(found)
        assert not isinstance(drawn, Problem), drawn
        return drawn
    plan = care_plan(of_course, center, place, reader, language)  # type: ignore[arg-type]
    assert not isinstance(plan, Problem), plan
    return plan_pictures(plan)[int(number)]


def main(names: Sequence[str], folder: Path = FOLDER) -> int:
    """Take all pictures, or those of these names; 1 where one of them could not be taken as it should be."""
    chosen = [shot for shot in SHOTS if not names or shot.name in names]
    chromium = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if chromium is None:
        print("screens: no Chromium was found; on Debian and Ubuntu: apt-get install chromium", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as packs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        wrong = _all(browser, chosen, folder, Path(packs) / "pack")
        browser.close()
    for line in wrong:
        print(f"screens: {line}", file=sys.stderr)
    print(f"{len(chosen) - len(wrong)} of {len(chosen)} pictures in {folder}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
