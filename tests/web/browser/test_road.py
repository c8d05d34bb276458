"""One patient from referral to infusion, played by those who do it, each at a screen of their own.

Lea Brandt has a lymphoma that came back five months after its first treatment. Her cells are collected, made, and come
back; at the bedside somebody brings the bag of Bruno Acker. The clock is this test's; nothing is recorded but through
pages, save what was there before her: the center's calendars, and what belongs to Bruno.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import FilePayload, expect
from pypdf import PdfReader

from cartway.times import MINUTE, parse, text
from web.conftest import Site

from .conftest import Visit
from .guest import TABLET
from .hands import Hands

LEA, BRUNO = "Lea Brandt", "Bruno Acker"
BAND, COI, DIN = "00041235", "COI-7K2M", "W000026123456"
FRESH, BATCH, BAG, WRONG = "APH-3456", "AX-1041", "AX-1041-1", "AX-2077-1"
AXI = "axicabtagene_ciloleucel"
STAFF = {
    "rosario": "coordinator",
    "amara": "physician",
    "tomasz": "apheresis",
    "ines": "apheresis",
    "priya": "cell_laboratory",
    "oskar": "cell_laboratory",
    "youssef": "pharmacy",
    "mei": "nurse",
    "jonas": "nurse",
}


def center() -> list[dict[str, Any]]:
    """The center's calendars: a chair on Tuesdays, a slot on Wednesdays, a bed, the cell laboratory."""
    weekdays = ["mon", "tue", "wed", "thu", "fri"]
    places: dict[str, tuple[str, dict[str, Any]]] = {
        "Chair-1": ("apheresis_chair", {"weekdays": ["tue"]}),
        "Axi-cel": ("manufacturing_slot", {"product": AXI, "weekdays": ["wed"], "days": 16}),
        "Bed-1": ("bed", {}),
        "Cell-laboratory": ("laboratory_staff", {"capacity": 2, "weekdays": weekdays}),
    }
    resources = [
        {"what": "resource", "about": name, "choice": kind, "detail": {"name": name, **rest}}
        for name, (kind, rest) in places.items()
    ]
    consent = {"what": "gate", "about": "consent", "choice": "met", "detail": {"gate": "consent", "version": "4"}}
    return [{"course": "center", "at": "2026-02-02T08:00Z", **row} for row in (*resources, consent)]


def brunos() -> list[dict[str, Any]]:
    """What belongs to another patient: an identifier, and a bag that lies in the same tank."""
    label = {"coi": "COI-9Z9Z", "batch": "AX-2077", "product": AXI, "patient_matches": "this course"}
    rows = [
        {"what": "chain_identity", "about": "COI-9Z9Z", "detail": {"coi": "COI-9Z9Z"}},
        {"what": "batch", "about": "AX-2077", "detail": {"batch": "AX-2077", "coi": "COI-9Z9Z", "product": AXI}},
        {"what": "container", "about": "AX-2077-1", "choice": "product_bag", "detail": label},
    ]
    return [{"course": "course-bruno", "at": "2026-02-20T08:00Z", **row} for row in rows]


class Road:
    """The center of those weeks: its clock, its people."""

    def __init__(self, site: Site, url: str, visit: Visit) -> None:
        self.site, self.url, self.visit = site, url, visit

    def it_is(self, at: str) -> None:
        self.site.now = parse(f"2026-{at}Z")

    def passes(self, minutes: int = 1) -> None:
        self.site.now += minutes * MINUTE

    @contextmanager
    def person(self, name: str, *, course: bool = True, screen: Mapping[str, Any] | None = None) -> Iterator[Hands]:
        """Somebody signs in, opens the patient's page by the programme, and leaves in the end."""
        guest = self.visit(self.url, **(screen or {}))
        who = Hands(guest, name)
        who.after = self.passes
        try:
            who.go("Programme")
            if course:
                who.page.get_by_role("link", name=LEA).click()
            yield who
        except BaseException as failure:
            failure.add_note(f"{name} sees {who.page.url}:\n{who.page.get_by_role('main').inner_text()}")
            raise
        finally:
            guest.close()


def paper(who: Hands, link: str) -> str:
    """The letters of the PDF behind a link, without spaces."""
    address = who.page.get_by_role("link", name=link).get_attribute("href")
    answer = who.page.request.get(f"{who.guest.url}{address}")
    assert answer.headers["content-type"] == "application/pdf", answer.status
    pages = PdfReader(io.BytesIO(answer.body())).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def referred(road: Road) -> None:
    """Mon Mar 2. The coordinator enters the referral; without a birth date no course is opened."""
    with road.person("rosario", course=False) as rosario:
        rosario.guest.forgive("status of 422")
        rosario.go("New referral")
        who = {"Name": LEA, "Identifier": BAND, "Assigned by": "MRN", "Sex": "Female"}
        rosario.write(who)
        rosario.write(
            {"Diagnosis": "Diffuse large B-cell lymphoma", "Status": "First relapse", "How fast it moves": "Moving"}
        )
        rosario.write(
            {"Who referred": "Lakeside Oncology", "How soon": "Urgent", "Who follows it up here": "coordinator"}
        )
        rosario.press("Open the course")
        expect(rosario.page.get_by_role("alert")).to_contain_text("The birth date is missing")
        rosario.write({"Birth date": "1964-05-04"})
        rosario.press("Open the course")
        rosario.recorded()
        rosario.sees("Referred", "Lakeside Oncology")
        assert LEA not in rosario.page.url and BAND not in rosario.page.url


def assessed(road: Road) -> None:
    """Tue Mar 3. The physician enters what she found, and reads the products side by side."""
    road.it_is("03-03T10:00")
    with road.person("amara") as amara:
        amara.turn("Candidacy")
        amara.sees("earlier lines of therapy not recorded")
        amara.record(
            "Disease",
            {
                "Diagnosis treated": "Diffuse large B-cell lymphoma",
                "Diagnosis treated: whether pathology has confirmed it": "Yes",
            },
        )
        line = {"Which line": "1", "The regimen": "R-CHOP, 6 cycles", "Drug classes in it": "anti-CD20, anthracycline"}
        days = {"First day": "2025-04-14", "Last dose": "2025-09-15", "Systemic therapy": "Yes"}
        outcome = {"What ended it: relapse, progression, refractory, intolerance, transformation": "relapse"}
        outcome |= {"The day of that": "2026-02-20"}
        amara.record("Line of therapy", {**line, **days, **outcome})
        amara.record("Target", {"Target": "CD19", "Result": "Positive"})
        amara.record("Fitness", {"ECOG performance status": "1", "Left ventricular ejection fraction": "60"})
        amara.record("Infections", {"Infection, for the go ahead": "None", "Hepatitis B surface antigen": "Negative"})
        amara.record("Before the collection", {"Lymphocytes": "0.9", "Access for the collection": "Peripheral"})
        amara.sees("The US label covers Yescarta and Breyanzi.", "Present to the tumor board", "Kymriah")


def decided(road: Road) -> None:
    """Thu Mar 5. The tumor board recommends, a product is chosen; on the next day it is ordered, gates are settled."""
    road.it_is("03-05T16:00")
    with road.person("amara") as amara:
        amara.record("Tumor board", {"Decision": "CAR T recommended", "Product": "Axicabtagene ciloleucel"})
        amara.record("Product", {"Product": "Axicabtagene ciloleucel"})
        amara.sees("To be ordered")
    road.it_is("03-06T09:00")
    with road.person("rosario") as rosario:
        rosario.record("Get the payer's authorization", {"How it stands": "Met", "Authorization number": "A-5001"})
        rosario.record("Have consent signed", {"How it stands": "Met", "Version of the consent document": "4"})
        rosario.record("Offer fertility counseling", {"How it stands": "Not needed"})
        rosario.record("Name a caregiver around the clock", {"How it stands": "Met"})
        rosario.record(
            "Arrange a place to stay within the limit",
            {"Travel time to the center": "30", "Where": "Home", "Country": "US"},
        )
        rosario.record("Talk about clinical trials", {"How it stands": "Met"})
        rosario.record("Order the product", {"How it stands": "Placed", "Order number": "O-500"})
        rosario.record("Order", {"How it stands": "Accepted by the holder", "Order number": "O-500"})
        rosario.record("Decide on bridging therapy", {"Which": "None, observation"})
        slot = {"How it stands": "Confirmed", "Slot": "S-500", "Product": "Axicabtagene ciloleucel"}
        rosario.record("Slot", {**slot, "Day of collection": "2026-03-10", "Start of manufacture": "2026-03-11"})


def planned(road: Road) -> None:
    """The solver lays out chair, slot and bed; the coordinator looks at what it proposes, and accepts."""
    with road.person("rosario", course=False) as rosario:
        rosario.go("Slots")
        rosario.press("Propose")
        expect(rosario.page.get_by_role("heading", name="Proposed plan")).to_be_visible()
        rosario.sees("proven the best")
        row = rosario.page.get_by_role("row", name=LEA)
        expect(row).to_contain_text("Tue Mar 10")
        expect(row).to_contain_text("Mon Apr 6")
        rosario.press("Accept: record 1 course's days")
        rosario.sees("1 planned")


def collected(road: Road) -> None:
    """Tue Mar 10. Two check wristband and number before the collection, and the label on the bag after it."""
    road.it_is("03-10T08:30")
    with road.person("tomasz") as tomasz:
        tomasz.turn("Chain of identity")
        tomasz.record("Assign identity", {"Chain of identity identifier": COI, "Who assigned it": "The holder"})
        tomasz.check("Collection", BAND, f"={DIN}00", COI, second="ines")
        tomasz.record("Collection", {"What happened": "Started", "Donation number": DIN})
        road.it_is("03-10T12:40")
    with road.person("tomasz") as tomasz:
        tomasz.turn("Chain of identity")
        tomasz.record("Collection", {"What happened": "Completed", "Volume collected, mL": "230"})
        bag = {"What it is": "Apheresis bag", "Container's number": FRESH, "Chain of identity identifier on it": COI}
        label = {
            "Donation number on it": DIN,
            "Whose name is on it": "This patient",
            "Who has it now": "Apheresis unit",
        }
        tomasz.record("Container", {**bag, **label})
        tomasz.go("Labels")
        labeled = {
            "Container": FRESH,
            "Size": "Full label",
            "Donor fully tested and screened for infectious diseases": "No",
        }
        tomasz.record("Print a label", labeled)
        said = paper(tomasz, f"Open the label of {FRESH}")
        for words in (LEA, COI, DIN, "NOT EVALUATED FOR INFECTIOUS SUBSTANCES"):
            assert "".join(words.split()) in said
        tomasz.go("The chain")
        tomasz.check("Label", f"={DIN}00", COI, FRESH, second="ines")
        gives = {"Container": FRESH, "Who gives": "Apheresis unit", "Who takes": "Courier", "Seal put on": "448120"}
        tomasz.record("Hand over", {**gives, "The person who takes": "Courier 17"})
        tomasz.sees("Courier")


def made(road: Road) -> None:
    """Mar 12 to 26. The cell laboratory enters what the holder says of the batch, until it is released."""
    road.it_is("03-12T09:00")
    with road.person("priya") as priya:
        priya.turn("Manufacture")
        batch = {"Batch or lot": BATCH, "Product": "Yescarta (axi-cel)", "Chain of identity identifier": COI}
        priya.record("New batch", {**batch, "Donations it is made of": DIN})
        priya.record("Step", {"Which": "Starting material received"})
        road.it_is("03-25T09:00")
    with road.person("priya") as priya:
        priya.turn("Manufacture")
        tests = (("Viability", "91", "%", "80"), ("CAR-positive cells", "38", "%", "15"))
        for test, result, unit, lowest in tests:
            number = {"Result as a number": result, "Its unit": unit, "Specification, lowest": lowest}
            priya.record("Release test", {"Which test": test, "Result": "Within specification", **number})
        priya.record("Release test", {"Which test": "Sterility", "Result": "Within specification"})
        priya.record("Disposition", {"The holder says": "Released", "Specification and its version": "holder's, 4"})
        certificate = {"Batch on it": BATCH, "Certificate number": "RFI-AX-1041", "Whose name it bears": "This patient"}
        on_it = {"Chain of identity identifier on it": COI, "Containers on it": BAG, "Dose in all, millions": "140"}
        priya.record("Certificate", {**certificate, **on_it})
        priya.sees("Released.", "RFI-AX-1041, bears this patient's name")


def logger() -> FilePayload:
    """What the shipper's logger says: every ten minutes from before it left the maker until it is read."""
    begins = parse("2026-03-25T12:00Z")
    minutes = range(0, 46 * 60 + 1, 10)
    rows = [f"{text(begins + each * MINUTE)},-{176 - each % 7}.0" for each in minutes]
    content = "\n".join(["Time,Temperature (C)", *rows]).encode()
    return {"name": "log.csv", "mimeType": "text/csv", "buffer": content}


def shipped(road: Road) -> None:
    """Wed Mar 25. The holder's notice: which bag, under which seal, and that the courier has it."""
    road.it_is("03-25T14:00")
    with road.person("priya") as priya:
        priya.turn("Chain of identity")
        bag = {"What it is": "Product bag", "Container's number": BAG, "Chain of identity identifier on it": COI}
        label = {"Batch on it": BATCH, "Whose name is on it": "This patient", "Product on it": "Yescarta (axi-cel)"}
        stated = {"Volume, mL": "68", "CAR-positive viable T cells, millions": "140", "Expires": "2027-03-20"}
        priya.record("Container", {**bag, **label, **stated, "Who has it now": "Holder"})
        gives = {"Container": BAG, "Who gives": "Holder", "Who takes": "Courier", "Seal put on": "448121"}
        priya.record("Hand over", gives)
        priya.do(BAG, "Receive")
        priya.write({"What happened": "Received"})
        priya.sign()
        priya.press("Record")
        priya.recorded()


def received(road: Road) -> None:
    """Fri Mar 27. The shipper is here: its seal, its logger's file, a check by two, and into the tank."""
    road.it_is("03-27T10:00")
    with road.person("priya") as priya:
        priya.turn("Chain of identity")
        priya.record("Hand over", {"Container": BAG, "Who gives": "Courier", "Who takes": "Cell laboratory"})
        priya.do(BAG, "Receive")
        expect(priya.page.get_by_label("Who gives", exact=True)).to_have_value("Courier")
        expect(priya.page.get_by_label("Who takes", exact=True)).to_have_value("Cell laboratory")
        priya.write({"What happened": "Received", "Seal number read": "448121", "The seal is": "Whole"})
        priya.page.get_by_label("Logger's file").set_input_files(logger())
        priya.sign()
        priya.press("Record")
        priya.recorded()
        priya.after()
        priya.check("Receipt", BAG, BATCH, COI, second="oskar")
        priya.record("Storage", {"Container": BAG, "What was done": "Put in", "Tank": "T2", "Position": "C-1"})
        priya.sees("T2, C-1", "unbroken so far")


def counted(road: Road) -> None:
    """The pharmacy counts what it has of tocilizumab."""
    with road.person("youssef") as youssef:
        youssef.turn("Infusion day")
        youssef.go("Count")
        youssef.write({"Doses": "4"})
        youssef.press("Record")
        expect(youssef.page.get_by_role("heading", name="Programme", level=1)).to_be_visible()


def depleted(road: Road) -> None:
    """Wed Apr 1. No weight, no dose. Weighed and measured, the label's doses stand there; a physician says go."""
    road.it_is("04-01T08:00")
    counted(road)
    with road.person("mei") as mei:
        mei.turn("Lymphodepletion")
        mei.sees("No dose.")
        mei.sees_not("885 mg")
        mei.record("Weight", {"Body weight": "70"})
        mei.record("Height", {"Body height": "168"})
        mei.record("Creatinine", {"Creatinine": "0.7"})
        mei.sees("905 mg", "54 mg", "54.3 unrounded", "Mosteller 1987")
    with road.person("amara") as amara:
        amara.turn("Infusion day")
        amara.record("Infection", {"Infection now": "None"})
        amara.record("Unresolved reaction", {"Lung, heart or low blood pressure": "None"})
        amara.turn("Candidacy")
        amara.record("History", {"Pregnancy test": "Cannot be pregnant"})
        amara.turn("Lymphodepletion")
        amara.sees("Nothing that counts is open.")
        amara.record("Decide", {"Decision": "Go"})
    with road.person("mei") as mei:
        mei.turn("Lymphodepletion")
        mei.record("Chart start or end", {"What happened": "Started"})
    for day in ("04-01", "04-02", "04-03"):
        road.it_is(f"{day}T10:00")
        with road.person("mei") as mei:
            mei.turn("Ward")
            for drug, dose in (("Cyclophosphamide", "905"), ("Fludarabine", "54")):
                mei.go("Drug")
                mei.page.get_by_label("Drug", exact=True).fill(drug)
                mei.write({"What was done": "Given once", "Dose or rate": dose, "Unit": "mg"})
                mei.press("Record drug")
                mei.recorded()
    with road.person("mei") as mei:
        mei.turn("Lymphodepletion")
        mei.record("Chart start or end", {"What happened": "Completed"})
        mei.sees("The infusion lies inside the label's window.")


def readied(road: Road) -> None:
    """Mon Apr 6, day 0. What is asked of the day, the go, and the thaw."""
    road.it_is("04-06T08:00")
    counted(road)
    with road.person("mei", screen=TABLET) as mei:
        mei.turn("Lymphodepletion")
        mei.record("Weight", {"Body weight": "70"})
        mei.turn("Infusion day")
        mei.record("Premedication", {"Premedication": "Given", "What, and how much": "Acetaminophen 650 mg"})
        mei.record("Equipment", {"At the bedside": "Ready"})
    with road.person("amara") as amara:
        amara.turn("Infusion day")
        amara.record("Infection", {"Infection now": "None"})
        amara.record("Unresolved reaction", {"Lung, heart or low blood pressure": "None"})
        amara.sees("Nothing that counts is open.")
        amara.record("Decide", {"Decision": "Go"})
    road.it_is("04-06T10:00")
    with road.person("oskar", screen=TABLET) as oskar:
        oskar.turn("Infusion day")
        oskar.go("Check before the thaw")
        oskar.checked(BAG, BATCH, COI, second="priya")
        oskar.turn("Infusion day")
        oskar.record("Start the thaw", {"How": "Water bath, 37 degrees"})
        oskar.sees("To be infused", "180 min from the start of the thaw")


def stopped(road: Road) -> None:
    """The wrong bag is brought to the bed. It says STOP, nothing can be given, and the bag is set aside."""
    road.it_is("04-06T10:20")
    with road.person("mei", screen=TABLET) as mei:
        mei.turn("Infusion day")
        mei.go("Check at the bedside")
        mei.scan(BAND, WRONG)
        shout = mei.page.get_by_role("alert")
        expect(shout).to_contain_text("STOP")
        expect(shout).to_contain_text(
            "This bag is another patient's. Do not infuse. Quarantine it and call the holder."
        )
        mei.sign()
        mei.press("Record the mismatch and quarantine")
        mei.recorded()
        mei.sees("STOP: the chain is contradicted")
        mei.turn("Infusion day")
        mei.sees(f"STOP: do not give {BAG}")
        expect(mei.page.get_by_role("link", name="Start the infusion")).to_have_count(0)
        mei.page.goto(f"{mei.page.url.rpartition('/')[0]}/infuse")
        mei.guest.forgive("status of 422")
        mei.write({"Container": BAG, "Filter": "None"})
        mei.press("Record")
        expect(mei.page.get_by_role("alert")).to_contain_text("This container may not be given")


def set_aside(road: Road) -> None:
    """The wrong bag is set aside in Bruno's own chain too: nobody gives it to him as if nothing had been."""
    with road.person("priya", course=False) as priya:
        priya.page.get_by_role("link", name="course-bruno").click()
        priya.turn("Chain of identity")
        priya.sees("STOP: the chain is contradicted", "It was set aside in the record of another course.", WRONG)


def cleared(road: Road) -> None:
    """The holder is called, and clears the bag by a reference; a physician and another sign for it."""
    road.it_is("04-06T10:50")
    with road.person("amara") as amara:
        amara.turn("Chain of identity")
        said = {
            "The holder's reference": "H-77120",
            "What the holder said": "Label read out over the phone: it is hers",
        }
        amara.record("Lift the quarantine", {"Container": BAG, **said}, second="jonas")


def infused(road: Road) -> None:
    """The right bag. One signature is refused, two are taken; the cells go in, and what was left and felt is said."""
    road.it_is("04-06T11:00")
    with road.person("mei", screen=TABLET) as mei:
        mei.guest.forgive("status of 422")
        mei.turn("Infusion day")
        mei.go("Check at the bedside")
        mei.scan(BAND, BAG, COI, BATCH, "RFI-AX-1041")
        expect(mei.page.get_by_role("status").filter(has_text="All match")).to_be_visible()
        mei.sign()
        mei.press("Record: all match")
        expect(mei.page.get_by_role("alert")).to_contain_text("The second signature is missing.")
        mei.sign("mei")
        mei.press("Record: all match")
        expect(mei.page.get_by_role("alert")).to_contain_text("Both signatures are of the same person.")
        mei.sign("jonas")
        mei.press("Record: all match")
        mei.recorded()
        mei.turn("Infusion day")
        mei.sees("The check at the bedside matched", "identity holds")
        mei.record("Start the infusion", {"Filter": "None"})
        road.it_is("04-06T11:18")
        mei.turn("Infusion day")
        mei.record("It is in", {"Given, mL": "66", "Left over and disposed, mL": "2"})
        mei.record("Reaction", {"Reaction": "Mild", "What": "Flushing for ten minutes"})
        mei.sees("66 mL given, 2 mL left over and disposed", "Reaction: mild, Flushing for ten minutes")
        mei.turn("Chain of identity")
        mei.sees("unbroken so far", f"Given: {BAG}")
        mei.sees_not("STOP", "Evidence that is missing")


def on_the_ward(road: Road) -> None:
    """From here on the ward has her: its board shows her on day 0, and the programme that she was infused."""
    road.it_is("04-06T12:00")
    with road.person("jonas", course=False) as jonas:
        jonas.page.get_by_role("link", name="Infused").click()
        jonas.page.get_by_role("link", name=LEA).click()
        jonas.sees("Infused", "The ward has taken over")
        jonas.go("Ward")
        row = jonas.page.get_by_role("row").filter(has_text=LEA)
        expect(row).to_contain_text("day 0", ignore_case=True)
        expect(row).to_contain_text("axi-cel")


SCENES = (
    referred,
    assessed,
    decided,
    planned,
    collected,
    made,
    shipped,
    received,
    depleted,
    readied,
    stopped,
    set_aside,
    cleared,
    infused,
    on_the_ward,
)


def begin(site: Site) -> None:
    """What is there before her: people, calendars, and what belongs to Bruno."""
    for name, role in STAFF.items():
        site.account(role, name=name)
    site.record([*center(), *brunos()])


@pytest.fixture
def road(make_site: Callable[..., Site], visit: Visit) -> Iterator[Road]:
    site = make_site()
    site.now = parse("2026-03-02T09:00Z")
    begin(site)
    with site.serve() as url:
        yield Road(site, url, visit)


def test_from_referral_to_infusion(road: Road) -> None:
    for scene in SCENES:
        scene(road)
