//! A letter from its first draft to the funder who checks it.

use std::sync::LazyLock;

use chrono::NaiveDate;
use diesel::prelude::*;
use letters::clock::Clock;
use letters::ids::{InstitutionId, LetterId, MembershipId, MotionId, PersonId, RequestId, RoleId, SessionId};
use letters::people::access::{Applicant, Level, Role, Share, Staff, Visitor, VisitorFacts};
use letters::policy::settings::Policy;
use letters::refusal::{Failure, Outcome, Refusal};
use letters::store::schema;
use letters::workflow::letter::commands::{self, Reader, Rendition, Setting};
use letters::workflow::letter::house::{House, Place};
use letters::workflow::letter::language::Language;
use letters::workflow::letter::pdf::{Press, Printed};
use letters::workflow::letter::rules::{self, Register};
use letters::workflow::letter::store::{self, Open};
use letters::workflow::letter::text::LetterText;
use letters::workflow::request::fields::Field;
use letters::workflow::request::raw::RawForm;
use letters::workflow::request::store as requests;
use letters::workflow::stage::StageName;

use crate::harness::{World, typst};
use crate::whole_story::TICKS;

/// The rule of the motion that the letter rests on, without its seats.
const FROZEN: &str = r#"{"rule": {"quorum": 7, "consensus_days": 5, "short_consensus_days": 2, "short_within_days": 14,
    "tally_days": 5, "no_needs_reason": true, "zone": "Europe/London"}, "seats": []}"#;

static PRESS: LazyLock<Press> = LazyLock::new(|| Press::new(typst()));

/// The number of the one request that these worlds hold.
const NUMBER: &str = "LOS-2026-0001";

/// A request that the committee supports, with the people around it.
pub struct Supported {
    pub id: RequestId,
    applicant: PersonId,
    staff: PersonId,
    colleague: PersonId,
}

impl Supported {
    pub fn new(world: &World) -> Self {
        Self::with(world, |field| match field {
            Field::Title => "Scrolls in Motion".into(),
            Field::Funder => "National Heritage Fund".into(),
            Field::Programme => "Shared Collections".into(),
            Field::PiName => "Dr Noor Jansen".into(),
            Field::Summary => "We will photograph 900 scrolls.".into(),
            _ => String::new(),
        })
    }

    /// As `new`, with the answers of the form given by `answer`.
    pub fn with(world: &World, answer: impl Fn(Field) -> String) -> Self {
        let mut form = RawForm::default();
        for field in Field::ALL {
            form.set(*field, answer(*field));
        }
        let this = Self {
            id: RequestId::fresh(),
            applicant: PersonId::fresh(),
            staff: PersonId::fresh(),
            colleague: PersonId::fresh(),
        };
        let (id, applicant, staff, colleague) = (this.id, this.applicant, this.staff, this.colleague);
        let now = world.now().naive_utc();
        world
            .store()
            .write_now(move |tx| {
                use schema::{decisions, institutions, memberships, motions, persons, requests, roles};
                let c = tx.connection();
                for (person, name) in [(applicant, "Ada Applicant"), (staff, "Sam Staff"), (colleague, "Kim Colleague")]
                {
                    let address = format!("{}@people.example", name.split(' ').next().unwrap().to_lowercase());
                    diesel::insert_into(persons::table)
                        .values((
                            persons::id.eq(person),
                            persons::address.eq(address),
                            persons::name.eq(name),
                            persons::created_at.eq(now),
                        ))
                        .execute(c)?;
                }
                for person in [staff, colleague] {
                    diesel::insert_into(roles::table)
                        .values((
                            roles::id.eq(RoleId::fresh()),
                            roles::person_id.eq(person),
                            roles::role.eq("staff"),
                            roles::since.eq(now),
                        ))
                        .execute(c)?;
                }
                let institution = InstitutionId::fresh();
                diesel::insert_into(institutions::table)
                    .values((
                        institutions::id.eq(institution),
                        institutions::name.eq("Example University"),
                        institutions::sort_key.eq("example university"),
                        institutions::search_text.eq("example university"),
                        institutions::commercial.eq(false),
                        institutions::extra.eq("{}"),
                        institutions::created_at.eq(now),
                    ))
                    .execute(c)?;
                diesel::insert_into(memberships::table)
                    .values((
                        memberships::id.eq(MembershipId::fresh()),
                        memberships::institution_id.eq(institution),
                        memberships::tier.eq("full"),
                        memberships::since.eq(None::<NaiveDate>),
                    ))
                    .execute(c)?;
                let kind = form.get(Field::LetterKind).to_owned();
                diesel::insert_into(requests::table)
                    .values((
                        (requests::id.eq(id), requests::revision.eq(1_i64), requests::reference.eq(NUMBER)),
                        (requests::applicant_id.eq(applicant), requests::stage.eq(StageName::Decided)),
                        requests::form.eq(serde_json::to_string(&form).unwrap()),
                        requests::policy.eq(serde_json::to_string(&Policy::default()).unwrap()),
                        (requests::title.eq(form.get(Field::Title)), requests::applicant_name.eq("Ada Applicant")),
                        (requests::institution_id.eq(institution), requests::institution_name.eq("Example University")),
                        (
                            requests::funder.eq(form.get(Field::Funder)),
                            requests::programme.eq(form.get(Field::Programme)),
                        ),
                        (requests::letter_kind.eq(kind), requests::deadline_words.eq(""), requests::search_text.eq("")),
                        (requests::created_at.eq(now), requests::changed_at.eq(now), requests::submitted_at.eq(now)),
                        (requests::held.eq(false), requests::routed_at.eq(now), requests::review_began_at.eq(now)),
                        (requests::answer.eq("supported"), requests::decided_at.eq(now)),
                    ))
                    .execute(c)?;
                let motion = MotionId::fresh();
                diesel::insert_into(motions::table)
                    .values((
                        motions::id.eq(motion),
                        motions::request_id.eq(id),
                        motions::number.eq(1),
                        motions::state.eq("adopted"),
                        motions::opened_at.eq(now),
                        motions::frozen.eq(FROZEN),
                        motions::consensus_until.eq(now),
                        motions::reviews_due_at.eq(now),
                        motions::closed_at.eq(now),
                        motions::outcome.eq("reviewers"),
                        motions::explanation.eq("All reviewers support it."),
                    ))
                    .execute(c)?;
                diesel::insert_into(decisions::table)
                    .values((
                        decisions::id.eq(letters::ids::DecisionId::fresh()),
                        decisions::request_id.eq(id),
                        decisions::motion_id.eq(motion),
                        decisions::answer.eq("supported"),
                        decisions::explanation.eq(""),
                        decisions::reasons.eq(""),
                        decisions::what_would_change.eq(""),
                        decisions::prepared_at.eq(now),
                        decisions::released_at.eq(now),
                        decisions::released_by.eq(staff),
                    ))
                    .execute(c)?;
                Ok(())
            })
            .unwrap();
        this
    }

    fn staff(&self) -> Staff {
        visitor(self.staff, vec![Role::Staff]).staff().unwrap()
    }

    /// Who issues what the other one wrote.
    fn second(&self) -> Staff {
        visitor(self.colleague, vec![Role::Staff]).staff().unwrap()
    }

    fn applicant(&self) -> Applicant {
        visitor(self.applicant, vec![]).applicant(self.id, Some(Share::Own)).unwrap()
    }

    fn draft(&self, world: &World) -> Open {
        let (id, staff, moment) = (self.id, self.staff(), world.app.service.moment());
        world.store().write_now(move |tx| commands::draft(tx, &moment, staff, id, Language::default())).unwrap();
        world.store().read_now(|view| store::open(view, id)).unwrap().unwrap()
    }

    /// Looks at the letter as it is now.
    pub fn look(&self, world: &World) -> Setting {
        let id = self.id;
        let open = world.store().read_now(|view| store::open(view, id)).unwrap().unwrap();
        let text = text(world, &open);
        let Printed { bytes, pages } = PRESS.print(&text).unwrap();
        Setting {
            revision: open.revision,
            approved: rules::fingerprint(&bytes),
            pdf: bytes,
            co_signed: 0,
            house: text.house,
            register: Register {
                issuer: "IIIF Consortium".into(),
                number: NUMBER.into(),
                date: text.date,
                applicant: text.subject.applicant().to_owned(),
                funder: "National Heritage Fund".into(),
                programme: "Shared Collections".into(),
                title: text.subject.title.clone(),
                signed_as: "Managing Director".into(),
                pages,
            },
        }
    }

    /// One person passes on what was looked at.
    pub fn pass_on(&self, world: &World, setting: &Setting) -> Outcome<()> {
        let (id, staff, moment, setting) = (self.id, self.staff(), world.app.service.moment(), setting.clone());
        world.store().write_now(move |tx| commands::pass_on(tx, &moment, staff, id, &setting))
    }

    /// One person passes on what was looked at, a second issues it.
    fn issue(&self, world: &World, setting: &Setting) -> Outcome<LetterId> {
        self.pass_on(world, setting)?;
        self.let_go(world, self.second(), &setting.approved)
    }

    fn let_go(&self, world: &World, staff: Staff, approved: &str) -> Outcome<LetterId> {
        let (id, moment, approved) = (self.id, world.app.service.moment(), approved.to_owned());
        world.store().write_now(move |tx| commands::issue(tx, &moment, staff, id, &approved, None))
    }

    pub fn stage(&self, world: &World) -> StageName {
        world.store().read_now(|view| requests::find(view, self.id)).unwrap().unwrap().stage.name()
    }

    pub fn journal(&self, world: &World) -> Vec<String> {
        let subject = self.id.to_string();
        let entries = world.store().read_now(|view| letters::audit::store::history(view, &subject)).unwrap();
        entries.into_iter().map(|entry| entry.what).collect()
    }
}

fn visitor(person: PersonId, roles: Vec<Role>) -> Visitor {
    Visitor::new(VisitorFacts {
        person,
        name: String::new(),
        address: "somebody@people.example".into(),
        session: SessionId::fresh(),
        level: Level::Passkey,
        roles,
        seats: vec![],
        offices: vec![],
    })
}

fn text(world: &World, open: &Open) -> LetterText {
    let house = House::bundled("Robin", "Managing Director", "");
    let place = Place { contact: String::new(), check_address: format!("{}/verify", world.address()) };
    open.draft.text((&house, &place), NUMBER.into(), Policy::default().today(world.clock.now()), vec![]).unwrap()
}

pub fn refusal<T: std::fmt::Debug>(outcome: Outcome<T>) -> Refusal {
    match outcome {
        Err(Failure::Refusal(refusal)) => refusal,
        other => panic!("no refusal: {other:?}"),
    }
}

#[test]
fn an_issued_letter_keeps_its_bytes_moves_the_request_on_and_tells_the_applicant() {
    let world = World::new();
    let request = Supported::new(&world);
    let open = request.draft(&world);
    assert!(open.draft.paragraphs[0].contains("Example University, a Full Member of the IIIF Consortium, proposes"));
    assert!(open.draft.paragraphs[0].contains("decided on 2 March 2026 to endorse it"));

    let release = request.look(&world);
    let (pdf, sha256) = (release.pdf.clone(), release.approved.clone());
    let letter = request.issue(&world, &release).unwrap();
    assert_eq!(letter, open.id);
    assert_eq!(request.stage(&world), StageName::Issued);
    let kept =
        world.store().read_now(|view| Ok((store::bytes(view, letter)?, store::in_force(view, request.id)?))).unwrap();
    assert!(kept.0 == pdf && kept.1.unwrap().sha256 == sha256);
    let mail: (String, String) = world
        .store()
        .read_now(|view| {
            use schema::outbox;
            let ready = outbox::table.filter(outbox::subject.like("%is ready"));
            Ok(ready.select((outbox::to_address, outbox::text_body)).first(view.connection())?)
        })
        .unwrap();
    assert_eq!(mail.0, "ada@people.example");
    assert!(mail.1.contains(&format!("/requests/{}", request.id)), "{}", mail.1);

    for reader in [
        Reader::Staff(request.staff()),
        Reader::Applicant(request.applicant().into()),
        Reader::Applicant(request.applicant().into()),
    ] {
        let (id, moment) = (request.id, world.app.service.moment());
        world.store().write_now(move |tx| commands::download(tx, &moment, reader, id, Rendition::Flat)).unwrap();
        let expected = if matches!(reader, Reader::Staff(_)) { StageName::Issued } else { StageName::Delivered };
        assert_eq!(request.stage(&world), expected);
    }
    let journal = request.journal(&world);
    assert_eq!(
        journal,
        [
            "letter-drafted",
            "letter-checked",
            "letter-issued",
            "letter-downloaded",
            "letter-downloaded",
            "letter-downloaded"
        ]
    );
}

#[test]
fn a_request_that_was_not_adopted_has_no_letter() {
    let world = World::new();
    let request = Supported::new(&world);
    request.draft(&world);
    let release = request.look(&world);
    let both = || {
        let (id, staff, moment) = (request.id, request.staff(), world.app.service.moment());
        let drafted = world.store().write_now(move |tx| commands::draft(tx, &moment, staff, id, Language::default()));
        (refusal(drafted).code, refusal(request.issue(&world, &release)).code)
    };
    let (id, now) = (request.id, world.now().naive_utc());
    let set_stage = |stage: StageName, withdrawn_at: Option<chrono::NaiveDateTime>| {
        use schema::requests;
        let change = (requests::stage.eq(stage), requests::withdrawn_at.eq(withdrawn_at));
        let write = move |tx: &mut letters::store::Tx<'_>| {
            Ok(diesel::update(requests::table.find(id)).set(change).execute(tx.connection())?)
        };
        world.store().write_now(write).unwrap();
    };
    for stage in [StageName::Submitted, StageName::Routed, StageName::InReview] {
        set_stage(stage, None);
        assert_eq!(both(), ("wrong-stage", "wrong-stage"), "{stage}");
    }
    set_stage(StageName::Withdrawn, Some(now));
    assert_eq!(both(), ("wrong-stage", "wrong-stage"));

    set_stage(StageName::Decided, None);
    let forget = move |tx: &mut letters::store::Tx<'_>| {
        use schema::decisions;
        let change = decisions::motion_id.eq(None::<MotionId>);
        Ok(diesel::update(decisions::table).set(change).execute(tx.connection())?)
    };
    world.store().write_now(forget).unwrap();
    assert_eq!(both(), ("no-carried-motion", "no-carried-motion"));
    assert_eq!(request.journal(&world), ["letter-drafted"]);
}

#[test]
fn only_the_bytes_that_were_looked_at_are_issued() {
    let world = World::new();
    let request = Supported::new(&world);
    let open = request.draft(&world);
    let looked_at = request.look(&world);

    let mut other_bytes = looked_at.clone();
    other_bytes.pdf.push(b' ');
    assert_eq!(refusal(request.pass_on(&world, &other_bytes)).code, "not-what-was-checked");
    // Somebody signed, or a signature was voided, after the file was set.
    let other_signatures = Setting { co_signed: 1, ..looked_at.clone() };
    assert_eq!(refusal(request.pass_on(&world, &other_signatures)).code, "not-what-was-checked");
    assert_eq!(refusal(request.let_go(&world, request.second(), &looked_at.approved)).code, "not-what-was-checked");
    request.pass_on(&world, &looked_at).unwrap();

    let mut edited = open.draft.clone();
    edited.paragraphs.push("One more sentence.".into());
    edited.code = "00000000000000000".into();
    let save = |revision| {
        let (id, staff, moment, draft) = (request.id, request.staff(), world.app.service.moment(), edited.clone());
        world.store().write_now(move |tx| commands::save(tx, &moment, staff, id, (revision, &draft)))
    };
    save(open.revision).unwrap();
    assert_eq!(refusal(save(open.revision)).code, "letter-changed", "a second person held the old draft");
    let kept = world.store().read_now(|view| store::open(view, request.id)).unwrap().unwrap();
    assert_eq!(kept.draft.code, open.draft.code, "the code is not the form's to choose");
    // The change has thrown the proof away.
    assert_eq!(refusal(request.let_go(&world, request.second(), &looked_at.approved)).code, "not-what-was-checked");
    assert_eq!(refusal(request.issue(&world, &looked_at)).code, "not-what-was-checked");

    let yesterday = request.look(&world);
    world.wait(chrono::TimeDelta::days(1));
    assert_eq!(refusal(request.pass_on(&world, &yesterday)).code, "not-what-was-checked");
    assert_eq!(request.stage(&world), StageName::Decided);

    let now = request.look(&world);
    request.issue(&world, &now).unwrap();
    assert_eq!(refusal(request.let_go(&world, request.second(), &now.approved)).code, "not-what-was-checked");
    assert_eq!(request.journal(&world).iter().filter(|what| *what == "letter-issued").count(), 1);
}

#[test]
fn whoever_wrote_the_words_does_not_issue_them_and_the_date_stands_for_a_week() {
    let world = World::new();
    let request = Supported::new(&world);
    request.draft(&world);
    let looked_at = request.look(&world);
    request.pass_on(&world, &looked_at).unwrap();
    let told = |kind: &'static str| {
        let mails = world.store().read_now(|view| {
            use schema::outbox;
            let told: Vec<String> = outbox::table
                .filter(outbox::kind.eq(kind))
                .order(outbox::to_address)
                .select(outbox::to_address)
                .load(view.connection())?;
            Ok(told)
        });
        mails.unwrap()
    };
    assert_eq!(told("letter-second"), ["kim@people.example"], "the others of staff are told, and nobody else");
    assert_eq!(refusal(request.let_go(&world, request.staff(), &looked_at.approved)).code, "second-person");
    world.wait(chrono::TimeDelta::days(8));
    assert_eq!(refusal(request.let_go(&world, request.second(), &looked_at.approved)).code, "date-passed");

    let again = request.look(&world);
    request.pass_on(&world, &again).unwrap();
    world.wait(chrono::TimeDelta::days(7));
    let letter = request.let_go(&world, request.second(), &again.approved).unwrap();
    let bytes = world.store().read_now(|view| store::bytes(view, letter)).unwrap();
    assert!(bytes == again.pdf, "issued are the bytes of the proof, a week later too");
}

#[test]
fn two_people_who_issue_at_once_issue_one_letter() {
    let world = World::new();
    let request = Supported::new(&world);
    request.draft(&world);
    let looked_at = request.look(&world);
    request.pass_on(&world, &looked_at).unwrap();
    let outcomes = std::thread::scope(|scope| {
        let issue = || request.let_go(&world, request.second(), &looked_at.approved).is_ok();
        let both = [scope.spawn(issue), scope.spawn(issue)];
        both.map(|one| one.join().unwrap())
    });
    assert_eq!(outcomes.iter().filter(|issued| **issued).count(), 1);
    assert_eq!(request.journal(&world).iter().filter(|what| *what == "letter-issued").count(), 1);
}

#[test]
fn a_funder_checks_a_letter_without_an_account() {
    let world = World::new();
    let request = Supported::new(&world);
    request.draft(&world);
    let release = request.look(&world);
    request.issue(&world, &release).unwrap();
    let (code, sha256): (String, String) = world
        .store()
        .read_now(|view| {
            use schema::letters as table;
            let row: (Option<String>, Option<String>) =
                table::table.select((table::code, table::sha256)).first(view.connection())?;
            Ok((row.0.unwrap(), row.1.unwrap()))
        })
        .unwrap();
    let funder = world.browser();
    assert!(funder.get("/verify").has_form("/verify"));
    let page = funder.get(&format!("/verify?code=+{}-", code.to_lowercase()));
    assert_eq!(page.status, 200);
    let text = page.text();
    for fact in [
        "This letter is genuine and in force",
        "IIIF Consortium",
        NUMBER,
        "Example University",
        "National Heritage Fund",
        "Shared Collections",
        "Scrolls in Motion",
        "2 March 2026",
        "Managing Director",
        &sha256,
    ] {
        assert!(text.contains(fact), "{fact} is not in: {text}");
    }
    for secret in ["Ada", "people.example", "Noor", "900 scrolls"] {
        assert!(!text.contains(secret), "{secret} is in: {text}");
    }
    assert_eq!((page.header("cache-control"), page.header("x-robots-tag")), ("no-store", "noindex, nofollow"));
    let head = funder.head(&format!("/verify?code={code}"));
    assert_eq!(head.status, 200);
}

#[test]
fn a_mistyped_code_and_an_unknown_one_are_told_apart_and_a_draft_is_unknown() {
    let world = World::new();
    let request = Supported::new(&world);
    let open = request.draft(&world);
    let funder = world.browser();
    let says = |code: &str| funder.get(&format!("/verify?code={code}")).first("main h2");
    assert_eq!(says("0000-0000-0000-0000-0"), "No letter bears this code");
    assert_eq!(says(&open.draft.code), "No letter bears this code");
    let cost = |code: &str| {
        let before = world.store().queries();
        let page = funder.get(&format!("/verify?code={code}"));
        (world.store().queries() - before, page.body.replace(code, ""))
    };
    assert_eq!(cost("0000-0000-0000-0000-0"), cost(&open.draft.code), "neither words nor work tell them apart");
    for mistyped in ["0000-0000-0000-0000-1", "hello", "%3Cscript%3E", NUMBER] {
        assert_eq!(says(mistyped), "This code is mistyped", "{mistyped}");
    }
}

#[test]
fn whoever_tries_many_codes_is_told_to_wait() {
    let world = World::new();
    let guesser = world.browser();
    for _ in 0..30 {
        assert_eq!(guesser.get("/verify?code=0").status, 200);
    }
    let page = guesser.get("/verify?code=0");
    assert_eq!(page.status, 429);
    assert!(page.text().contains("Try again"));
    assert_eq!(guesser.get("/verify").status, 200, "the form itself costs nothing");
}

/// The text of a PDF as poppler reads it, blanks made one; `None` where pdftotext is not installed.
pub fn read_back(pdf: &[u8]) -> Option<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let read = std::process::Command::new("pdftotext").arg(file.path()).arg("-").output().ok()?;
    Some(String::from_utf8(read.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn staff_write_look_at_and_issue_a_letter_and_its_applicant_takes_it() {
    let world = World::new();
    let request = Supported::new(&world);
    let staff = world.signed_in("sam@people.example");
    let home = format!("/requests/{}/letter", request.id);

    let editor = staff.submit(&staff.get(&home), "/letter/draft", &[]);
    assert_eq!((editor.path.as_str(), editor.status), (home.as_str(), 200));
    let (_, fields) = editor.form("/letter", &[]);
    let body = &fields.iter().find(|(name, _)| name == "body").unwrap().1;
    assert!(body.contains("in support of \u{201c}Scrolls in Motion\u{201d}"), "{body}");

    let wrong = staff.submit(&editor, "/letter", &[("salutation", ""), ("body", "Kept.")]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Enter the salutation.") && wrong.body.contains("Kept."));
    let edited = format!("{body}\n\nOur #thanks to <b>all</b>.");
    let saved = staff.submit(&editor, "/letter", &[("body", &edited), ("paper", "us-letter")]);
    assert!(saved.text().contains("Saved."), "{}", saved.text());
    let stale = staff.submit(&editor, "/letter", &[("body", "An older window.")]);
    assert_eq!(stale.status, 409, "{}", stale.text());

    let preview = staff.get(&format!("{home}/preview.pdf"));
    assert_eq!((preview.status, preview.header("content-type")), (200, "application/pdf"));
    assert!(preview.header("content-security-policy").contains("frame-ancestors 'self'"));
    assert!(saved.header("content-security-policy").contains("object-src 'self'"));
    if let Some(text) = read_back(&preview.bytes) {
        assert!(text.contains("Our #thanks to <b>all</b>."), "{text}");
    }

    let check = staff.get(&format!("{home}/check"));
    let unticked = staff.submit(&check, "/letter/pass-on", &[("right_date", "yes")]);
    assert_eq!((unticked.status, request.stage(&world)), (422, StageName::Decided));
    assert_eq!(unticked.count(".errors li"), TICKS.len() - 1, "{}", unticked.text());
    let passed_on = staff.submit(&check, "/letter/pass-on", TICKS);
    assert!(passed_on.text().contains("Waits for a second person") && !passed_on.has_form("/letter/issue"));
    let second = world.signed_in("kim@people.example");
    let check = second.get(&format!("{home}/check"));
    assert!(check.text().contains("ada@people.example"), "the page says who gets mail: {}", check.text());
    assert_eq!(second.submit(&check, "/letter/issue", &[]).status, 422);
    let issued = second.submit(&check, "/letter/issue", TICKS);
    assert_eq!((issued.status, request.stage(&world)), (200, StageName::Issued), "{}", issued.text());
    assert!(issued.text().contains(&rules::fingerprint(&preview.bytes)), "issued is what was previewed");
    let again = second.submit(&check, "/letter/issue", TICKS);
    assert_eq!(again.status, 200, "the same form sent twice gets the same answer: {}", again.text());

    let applicant = world.signed_in("ada@people.example");
    let file = format!("/requests/{}/letter.pdf", request.id);
    let head = applicant.head(&file);
    assert_eq!((head.status, request.stage(&world)), (200, StageName::Issued));
    let taken = applicant.get(&file);
    assert!(taken.bytes == preview.bytes && request.stage(&world) == StageName::Delivered);
    assert_eq!(taken.header("content-disposition"), "attachment; filename=\"IIIF_LOS-2026-0001.pdf\"");
    assert_eq!(taken.header("cache-control"), "no-store");
    assert_eq!(world.signed_in("eve@people.example").get(&file).status, 404);
    assert_eq!(world.signed_in("eve@people.example").get(&home).status, 403);

    let list = staff.get("/letters");
    let (_, picked) = list.form("/letters.zip", &[]);
    let id = &picked.iter().find(|(name, _)| name == "letter").unwrap().1;
    let zip = staff.get(&format!("/letters.zip?letter={id}"));
    assert!(zip.bytes.starts_with(b"PK") && zip.header("content-type") == "application/zip");
    assert_eq!(staff.get("/letters.zip").status, 422);
    let downloads = request.journal(&world).iter().filter(|what| *what == "letter-downloaded").count();
    assert_eq!(downloads, 2, "HEAD is no download");
}

#[test]
fn markup_in_every_answer_appears_literally_in_the_letter_and_on_every_page() {
    let world = World::new();
    let hostile =
        |field: &str| format!("<i>{field}</i> #read(\"x\") $y$ {{{{ z }}}} {{% if %}} *a* \\u{{41}} // b /* c */");
    let request = Supported::with(&world, |field| match field {
        Field::LetterKind => "commitment".into(),
        other => hostile(other.as_str()),
    });
    let staff = world.signed_in("sam@people.example");
    let home = format!("/requests/{}/letter", request.id);
    let editor = staff.submit(&staff.get(&home), "/letter/draft", &[]);
    assert!(!editor.body.contains("<i>"));
    assert!(editor.text().contains(&hostile("title")), "{}", editor.text());
    let preview = staff.get(&format!("{home}/preview.pdf"));
    assert_eq!(preview.status, 200, "{}", preview.text());
    if let Some(text) = read_back(&preview.bytes) {
        for field in
            [Field::Title, Field::PiName, Field::Programme, Field::AddresseeName, Field::AddresseeTitle, Field::Points]
        {
            assert!(text.contains(&hostile(field.as_str())), "{field} is not in: {text}");
        }
    }
    let second = world.signed_in("kim@people.example");
    let issued = second.submit(&second.get(&format!("{home}/check")), "/letter/issue", TICKS);
    assert!(issued.text().contains(&hostile("title")) && !issued.body.contains("<i>"), "{}", issued.text());
}

#[test]
fn a_letter_that_would_show_boxes_cannot_be_issued() {
    let world = World::new();
    let request =
        Supported::with(&world, |field| if field == Field::PiName { "\u{5c71}\u{7530}".into() } else { "x".into() });
    let staff = world.signed_in("sam@people.example");
    request.draft(&world);
    let check = staff.get(&format!("/requests/{}/letter/check", request.id));
    assert!(check.text().contains("no glyph for \u{5c71} (U+5C71)"), "{}", check.text());
    assert!(!check.has_form("/letter/issue"));
}

#[test]
fn the_letter_pages_are_for_staff_and_the_file_for_its_applicant() {
    let world = World::new();
    let request = Supported::new(&world);
    let stranger = world.browser();
    for path in ["letter", "letter/preview.pdf", "letter/check", "letter.pdf"] {
        let page = stranger.get_only(&format!("/requests/{}/{path}", request.id));
        assert_eq!(page.status, 303, "{path}");
        assert!(page.header("location").starts_with("/sign-in"), "{path}");
    }
    for path in ["/letters", "/letters.zip"] {
        assert_eq!(stranger.get_only(path).status, 303, "{path}");
    }
}

#[test]
fn staff_begin_the_letter_in_the_language_that_the_applicant_asks_for() {
    let world = World::new();
    let request = Supported::with(&world, |field| match field {
        Field::Title => "Rouleaux".into(),
        Field::LetterLanguage => "fr".into(),
        _ => String::new(),
    });
    let staff = world.signed_in("sam@people.example");
    let begin = staff.get(&format!("/requests/{}/letter", request.id));
    assert!(begin.text().contains("The applicant asks for Français"), "{}", begin.text());
    let editor = staff.submit(&begin, "/letter/draft", &[]);
    assert!(editor.text().contains("Au nom du"), "{}", editor.text());
}

#[test]
fn a_letter_is_begun_in_another_language_and_its_fixed_parts_follow_the_choice() {
    let world = World::new();
    let request = Supported::new(&world);
    let staff = world.signed_in("sam@people.example");
    let home = format!("/requests/{}/letter", request.id);
    let editor = staff.submit(&staff.get(&home), "/letter/draft", &[("language", "de")]);
    assert!(editor.text().contains("Im Namen des IIIF-Konsortiums"), "{}", editor.text());
    assert!(editor.text().contains("Vollmitglied des IIIF-Konsortiums"), "{}", editor.text());
    let check = staff.submit(&editor, "/letter", &[("check", "yes")]);
    assert_eq!(check.status, 200, "{}", check.text());
    let preview = staff.get(&format!("{home}/preview.pdf"));
    if let Some(text) = read_back(&preview.bytes) {
        for part in ["Unser Zeichen", "2. März 2026", "Mit freundlichen Grüßen", "Ist dieses Schreiben echt?"] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }
    staff.submit(&staff.get(&home), "/letter", &[("language", "fr")]);
    let preview = staff.get(&format!("{home}/preview.pdf"));
    if let Some(text) = read_back(&preview.bytes) {
        assert!(text.contains("Notre référence") && text.contains("Im Namen des IIIF-Konsortiums"), "{text}");
    }
}
