"""Which of two statements ends the other, by their words alone: both lists in one mouth."""

from __future__ import annotations

import pytest

from elephantasm_cli.dream.corrections import clash
from elephantasm_cli.dream.known import Known

CHANGES = [
    ("Shipping takes 3 days.", "Shipping now takes 5 days."),
    ("Our landlord is Mr Peeters.", "Our landlord is now Mrs Claes."),
    ("My email address is dana@oldmail.example.", "My new email address is dana@newmail.example."),
    ("Lunch is at 12:30.", "Lunch has been moved to 13:00."),
    ("The minimum order is 20 kilos.", "We lowered the minimum order to 10 kilos."),
    ("We pay suppliers within 30 days.", "From now on we pay suppliers within 14 days."),
    ("My car is a Volvo V60.", "I sold the Volvo, my car is now a Kia Niro."),
    ("The VAT rate for books is 6 percent.", "Change: the VAT rate for books is 9 percent."),
    ("We use Slack for the team chat.", "We don't use Slack any more, everything is in Zulip."),
    ("The API key rotates every 90 days.", "The API key rotates every 30 days from now on."),
    ("Our accountant is Ines.", "Ines is no longer our accountant, Bart is."),
    ("I'm a vegetarian.", "I eat meat again, I'm no longer a vegetarian."),
    ("I run on Tuesday and Thursday.", "I don't run on Thursday any more."),
    ("The backup runs at 2 am.", "Correction, the backup runs at 3 am."),
    ("Standup is daily at 9.", "We cancelled the daily standup."),
    ("The warehouse is in Genk.", "The warehouse is not in Genk any more but in Tongeren."),
    ("The kiln fires at 1240 degrees.", "We now fire the kiln at 1260 degrees."),
    ("Our cat is called Moss.", "We renamed the cat to Fern."),
    ("The repo is on GitLab.", "We migrated the repo from GitLab to Codeberg."),
    ("Tests must cover 80 percent.", "Tests must cover 90 percent now."),
    ("I teach yoga at the Linden studio.", "I quit teaching yoga."),
    ("My boss is Karel.", "My new boss is Anneke."),
    ("I take the train to work.", "I cycle to work now instead of taking the train."),
    ("We ship with DHL.", "We're switching from DHL to Bpost."),
    ("The opening hours are 9 to 17.", "The new opening hours are 10 to 18."),
    ("We use two-space indentation.", "Scrap two-space indentation, four spaces from now on."),
    ("The password policy is 12 characters.", "The password policy is 16 characters, no longer 12."),
    ("The conference is in Porto.", "The conference has been moved from Porto to Faro."),
    ("Please answer in French.", "Please answer in English from now on, not in French."),
    ("Release day is Thursday.", "Release day is Tuesday now."),
    ("I weigh 72 kilos.", "I weigh 69 kilos now."),
    ("I'm allergic to penicillin.", "I'm not allergic to penicillin after all."),
    ("I live with my sister in Ghent.", "I no longer live with my sister."),
    ("I love the new logo.", "I hate the new logo now."),
    ("The deadline is Friday.", "The deadline got pushed to Monday."),
    ("Max file size is 10 MB.", "Max file size is 25 MB, it was 10 MB before."),
    ("I use Vim.", "I've given up on Vim."),
    ("Our server costs 45 euros a month.", "The server is 60 euros a month since May."),
    ("The gym closes at 22.", "The gym closes at 21 now."),
    ("Our Wi-Fi password is plum-tree-9.", "The Wi-Fi password is now fig-tree-4."),
    ("The newsletter goes out on Thursdays.", "The newsletter goes out on Mondays from next week on."),
    ("Rent is 950 euros.", "The rent went up to 990 euros."),
    ("I'm the treasurer of the club.", "I'm no longer the treasurer of the club."),
    ("Margit runs the front desk.", "Olivier runs the front desk now."),
    ("Our CI runs on Travis.", "Travis is out, we build on Buildkite."),
    ("We meet every second Wednesday.", "We meet every second Friday instead."),
    ("The test database listens on port 5433.", "The test database now listens on port 5544."),
    ("The main branch is called master.", "The main branch is now called trunk."),
    ("We keep backups for 30 days.", "Backups are kept for 60 days now."),
    ("Dry season starts in May.", "Dry season starts in June now."),
    ("The tent sleeps 4 people.", "I was wrong, the tent sleeps 6 people."),
    ("Coffee is 3 euros.", "We raised coffee to 3.50 euros."),
    ("The contract ends on 30 June.", "The contract has been extended to 30 September."),
    ("The team has 6 people.", "The team has 8 people now."),
    ("Always squash commits.", "Don't squash commits any more."),
    ("Our logo is green.", "Our logo is blue now."),
    ("Jonas is our contact at the bank.", "Our contact at the bank is now Femke."),
    ("The bus to work costs 2.50 euros.", "The bus to work costs 3 euros now."),
    ("Our head office is in Aalst.", "Our head office has moved to Dendermonde."),
    ("I see the physio on Wednesdays.", "I see the physio on Fridays now instead of Wednesdays."),
    ("We store photos on Dropbox.", "We no longer store photos on Dropbox."),
    ("The build takes 12 minutes.", "The build takes 4 minutes now."),
    ("Our tax number is BE0412.", "Correction: our tax number is BE0421."),
    ("Ilse is our lawyer.", "Our lawyer is now Koen."),
    ("I'm on the night shift.", "I'm not on the night shift any more."),
    ("The parcel locker closes at 20:00.", "From April on the parcel locker closes at 21:00."),
    ("We write the docs in Sphinx.", "We replaced Sphinx with MkDocs."),
    ("Room rent is 600 euros a month.", "We raised the room rent to 640 euros a month."),
    ("The launch is on 12 September.", "The launch has been postponed to 3 October."),
    ("I take the pills at 8.", "I take the pills at 10 now."),
    ("Our mascot is called Bolt.", "We renamed the mascot to Spark."),
    ("The API limit is 100 calls a minute.", "The API limit is 250 calls a minute, up from 100."),
    ("My son plays hockey.", "My son stopped playing hockey."),
    ("Use four spaces in YAML.", "Use two spaces in YAML from now on, not four."),
    ("We get flour from Molen Noord.", "Molen Noord is gone, we get flour from Grutter."),
    ("The alarm code is 2211.", "The new alarm code is 9947."),
    ("I work from home on Mondays.", "I don't work from home on Mondays any more."),
    ("The fleet has 14 vans.", "The fleet has 17 vans now."),
    ("Our bank is Argenta.", "We switched from Argenta to KBC."),
    ("The sauna is 80 degrees.", "Actually the sauna is 90 degrees."),
    ("Wim is the chairman.", "Wim is no longer the chairman."),
    ("We pay the cleaners on the 25th.", "We pay the cleaners on the 28th now."),
    ("The node version is 18.", "The node version is 22 now."),
    ("I hate the new chairs.", "I like the new chairs now."),
    ("Returns are free for 30 days.", "Returns are free for 14 days from now on."),
    ("Tuition is 1200 euros.", "Tuition went up to 1350 euros."),
]


@pytest.mark.parametrize(("earlier", "later"), CHANGES)
def test_change_ends_the_earlier_one_and_not_the_other_way_round(earlier, later):
    """Nor does either end itself."""
    assert clash((earlier, "Dana"), (later, "Dana"))
    assert not clash((earlier, "Dana"), (earlier, "Dana"))
    assert not clash((later, "Dana"), (later, "Dana"))


BESIDE = [
    ("Shipping takes 3 days.", "Assembly now takes 5 days."),
    ("Our landlord is Mr Peeters.", "Our plumber is now Mrs Claes."),
    ("Lunch is at 12:30.", "Dinner has been moved to 19:00."),
    ("We pay suppliers within 30 days.", "From now on we pay couriers within 14 days."),
    ("My car is a Volvo V60.", "My brother's car is now a Kia Niro."),
    ("The VAT rate for books is 6 percent.", "The VAT rate for food is now 9 percent."),
    ("We use Slack for the team chat.", "The client doesn't use Slack any more."),
    ("The backup runs at 2 am.", "The backup ran at 3 am yesterday, not at 2."),
    ("I run on Tuesday.", "I now run on Saturday as well."),
    ("The warehouse is in Genk.", "The showroom is not in Genk any more."),
    ("Our cat is called Moss.", "Our new dog is called Fern now."),
    ("The repo is on GitLab.", "The wiki has moved from GitLab to Codeberg."),
    ("I teach yoga.", "I stopped teaching pilates."),
    ("We ship with DHL.", "If we switch from DHL to Bpost, we save money."),
    ("I take the train to work.", "When it rains I no longer cycle to work."),
    ("The conference is in Porto.", "Last year the conference was in Faro, not in Porto."),
    ("I'm allergic to penicillin.", "My son is no longer allergic to penicillin."),
    ("We use Postgres.", "We also use Redis now."),
    ("The deadline is Friday.", "The deadline for the poster is Monday now."),
    ("The limit is 10 MB for guests.", "The limit is 25 MB now for members."),
    ("We have customers in Denmark.", "We have customers in Sweden now."),
    ("I met Robin in Ghent.", "I met Sam in Bruges, not in Ghent."),
    ("I have 2 cats.", "I have 3 meetings now."),
    ("Robin owns the pipeline.", "Robin owns a boat now."),
    ("I like tea.", "I like coffee now."),
    ("We sell the chair for 90 euros.", "We sold the chair for 60 euros at the fair, not 90."),
    ("The door code is 4711.", "The door of the shed is green now."),
    ("The pool has 10 lanes.", "The pool is closed on Monday now."),
    ("My sister works at Philips.", "I no longer work at Philips."),
    ("The API returns 200.", "The API returns 404 now for missing items."),
    ("I drink 2 coffees a day.", "On Sundays I drink 4 coffees now."),
    ("We moved from Jira to Linear.", "We dropped Linear from the slides."),
    ("I started piano in 2019.", "I started cello in 2024, not in 2019."),
    ("Tom prefers tabs.", "I no longer prefer tabs."),
    ("The printer is on floor 2.", "The scanner is on floor 3 instead of floor 2."),
    ("We use Jira.", "Could we drop Jira?"),
    ("Room B12 has a projector.", "Room B14 has a projector now."),
    ("Sam is my manager.", "Sam is no longer my neighbour."),
    ("We deploy on Fridays.", "We no longer deploy on Fridays in December."),
    ("The order limit is 500 euros.", "The order limit is not a problem any more."),
    ("The gym closes at 22.", "The pool closes at 21 now."),
    ("Our Wi-Fi password is plum-tree-9.", "The guest Wi-Fi password is now fig-tree-4."),
    ("Rent is 950 euros.", "The rent of the garage went up to 90 euros."),
    ("I'm the treasurer of the club.", "My wife is no longer the treasurer of the club."),
    ("I use a Pixel 6.", "My dad switched to a Fairphone."),
    ("Margit runs the front desk.", "Olivier runs the bar now."),
    ("Our CI runs on Travis.", "The Travis logo is out of date."),
    ("We meet every second Wednesday.", "We met on a Friday instead last month."),
    ("The test database listens on port 5433.", "The main database now listens on port 5544."),
    ("We charge 40 euros for delivery.", "Returns are 50 euros as of June."),
    ("We keep backups for 30 days.", "Logs are kept for 60 days now."),
    ("The tent sleeps 4 people.", "The big tent sleeps 6 people now."),
    ("The contract ends on 30 June.", "The contract with Acme has been extended to 30 September."),
    ("The team has 6 people.", "The team has 8 laptops now."),
    ("Always squash commits.", "Don't squash merge commits of others any more."),
    ("Our logo is green.", "Our logo is green now."),
    ("My desk is on the second floor.", "Ana's desk is on the fourth floor now."),
    ("I grow tomatoes.", "I grow beans now."),
    ("We hired Femke.", "We hired Jonas instead of Karim."),
    ("The museum is open on Monday.", "The museum is not open on Monday in August any more."),
    ("I play chess on Fridays.", "I no longer play chess with Bob."),
    ("We have offices in Ghent and Lier.", "We have an office in Mol now."),
    ("I speak French.", "I speak Spanish now."),
    ("The train to Ghent takes 30 minutes.", "The train to Bruges takes 60 minutes now."),
    ("Karim owns a van.", "Femke owns a van now."),
    ("The bus to work costs 2.50 euros.", "The bus to school costs 3 euros now."),
    ("Our head office is in Aalst.", "Our archive has moved to Dendermonde."),
    ("I see the physio on Wednesdays.", "My mother sees the physio on Fridays now."),
    ("We store photos on Dropbox.", "We no longer store invoices on Dropbox."),
    ("The build takes 12 minutes.", "The deploy takes 4 minutes now."),
    ("Ilse is our lawyer.", "Our notary is now Koen."),
    ("I'm on the night shift.", "Bram isn't on the night shift any more."),
    ("The parcel locker closes at 20:00.", "The bakery closes at 21:00 from April on."),
    ("We write the docs in Sphinx.", "We replaced the sphinx in the garden."),
    ("The launch is on 12 September.", "The launch party has been postponed to 3 October."),
    ("I take the pills at 8.", "I took the pills at 10 yesterday."),
    ("Our mascot is called Bolt.", "Our robot is called Spark now."),
    ("The API limit is 100 calls a minute.", "The upload limit is 250 MB a minute, up from 100."),
    ("My son plays hockey.", "My daughter stopped playing hockey."),
    ("Use four spaces in YAML.", "Use two spaces in JSON from now on."),
    ("We get flour from Molen Noord.", "We also get rye from Grutter now."),
    ("The alarm code is 2211.", "The new alarm is very loud."),
    ("I work from home on Mondays.", "I don't work from home on Mondays in July."),
    ("The fleet has 14 vans.", "The fleet has 3 drivers now."),
    ("Our bank is Argenta.", "My neighbour switched from Argenta to KBC."),
    ("The sauna is 80 degrees.", "Should the sauna be 90 degrees now?"),
    ("Wim is the chairman.", "Wim is no longer in the band."),
    ("We pay the cleaners on the 25th.", "We pay the gardeners on the 28th now."),
    ("The node version is 18.", "The node version was 14 two years ago."),
    ("I hate the new chairs.", "I like the new tables now."),
    ("Returns are free for 30 days.", "Repairs are free for 14 days from now on."),
    ("The shop sells on Etsy.", "If the shop stopped selling on Etsy, we would lose money."),
    ("Tuition is 1200 euros.", "Tuition for the summer school went up to 1350 euros."),
    ("I read the Standaard.", "I read the Morgen now as well."),
    ("We meet at noon.", "We met at one instead of noon on Tuesday."),
]


@pytest.mark.parametrize(("earlier", "later"), BESIDE)
def test_other_things_people_and_times_end_nothing(earlier, later):
    """However much like a change they sound."""
    assert not clash((earlier, "Dana"), (later, "Dana"))


SHARED = [
    ("The deadline is 4 May.", "The deadline is now 18 May."),
    ("The cache runs on Memcached.", "The cache runs on Valkey now, not on Memcached."),
    ("The standup is at 9.", "The standup has moved to 10."),
]


@pytest.mark.parametrize(("earlier", "later"), SHARED)
def test_anybody_may_say_that_what_is_shared_has_changed(earlier, later):
    """In whatever mouth the value was before."""
    assert clash((earlier, "Dana"), (later, "Robin"))


OWN = [
    ("I live in Leuven.", "Dana lives in Hasselt now."),
    ("My rent is 900 euros.", "My rent is 1100 euros now."),
    ("Our cat is called Moss.", "Our cat is called Fern now."),
    ("I take 20 mg of omeprazole.", "I take 40 mg of omeprazole now."),
    ("I'm allergic to walnuts.", "Dana is no longer allergic to walnuts."),
    ("The door code is 4711.", "The door code is 9023."),
]


@pytest.mark.parametrize(("earlier", "later"), OWN)
def test_nobody_ends_what_is_another_persons(earlier, later):
    """Nor what is shared without a word that it has changed: it may be another door."""
    assert not clash((earlier, "Dana"), (later, "Robin"))


@pytest.mark.parametrize(("earlier", "later"), CHANGES)
def test_what_clashes_is_found_among_what_is_known(earlier, later):
    """Whichever of the two was there first."""
    for first, second in ((earlier, later), (later, earlier)):
        known = Known()
        known.add("one", first, "Dana")
        assert known.rivals(second, "Dana") == {"one"}


def test_announcement_about_what_is_known_is_a_change_too():
    """Also where only a model could tell what it changes; the same words in another mouth are not."""
    known = Known()
    known.add("one", "The robot waters the basil in the greenhouse.", "Dana")
    said = "From now on the greenhouse robot takes care of the basil by hand signs."
    assert known.is_changed_by(said, "Dana")
    assert not known.is_changed_by(said, "Robin")
    assert not known.is_changed_by("The robot waters the basil in the greenhouse.", "Dana")
